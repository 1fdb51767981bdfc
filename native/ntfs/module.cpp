#include <napi.h>

#include "ntfs/names.h"
#include "ntfs/transfer.h"

static Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  tswsl::DefineNames(env, exports);
  tswsl::DefineTransfer(env, exports);
  return exports;
}

NODE_API_MODULE(ntfs, Initialize)
