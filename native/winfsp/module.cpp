#include <napi.h>

#include "winfsp/volume_object.h"

static Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  tswsl::DefineVolume(env, exports);
  return exports;
}

NODE_API_MODULE(winfsp, Initialize)
