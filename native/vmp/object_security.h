#pragma once

#include <napi.h>

namespace tswsl {

/** Adds `setPipeAccess`, `pipeServer` and `fileOwner`: see native.d.ts. */
void DefineObjectSecurity(Napi::Env env, Napi::Object exports);

}  // namespace tswsl
