#include <napi.h>

#include "hcs/compute_system.h"
#include "hcs/network_calls.h"
#include "hcs/service_calls.h"

static Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  tswsl::ComputeSystem::Define(env);
  exports.Set("createComputeSystem", Napi::Function::New<tswsl::ComputeSystem::Create>(env));
  tswsl::DefineServiceCalls(env, exports);
  tswsl::DefineNetworkCalls(env, exports);
  return exports;
}

NODE_API_MODULE(hcs, Initialize)
