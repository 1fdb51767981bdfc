#pragma once

#include <napi.h>

namespace tswsl {

/** Adds `read`, `write` and `flush`: see native.d.ts. */
void DefineTransfer(Napi::Env env, Napi::Object exports);

}  // namespace tswsl
