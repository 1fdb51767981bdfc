#include <napi.h>

#include "vmp/hv_socket.h"

static Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  tswsl::DefineHvSocket(env, exports);
  return exports;
}

NODE_API_MODULE(vmp, Initialize)
