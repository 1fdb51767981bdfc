#include <napi.h>

#include "vmp/hv_socket.h"
#include "vmp/object_security.h"
#include "vmp/token.h"
#include "vmp/virtual_disk.h"

static Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  tswsl::DefineHvSocket(env, exports);
  tswsl::DefineObjectSecurity(env, exports);
  tswsl::DefineToken(env, exports);
  tswsl::DefineVirtualDisk(env, exports);
  return exports;
}

NODE_API_MODULE(vmp, Initialize)
