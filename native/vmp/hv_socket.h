#pragma once

#include <napi.h>

namespace tswsl {

/** Adds `connectHvSocket` and `listenHvSocket`: see native.d.ts. */
void DefineHvSocket(Napi::Env env, Napi::Object exports);

}  // namespace tswsl
