#pragma once

#include <napi.h>

namespace tswsl {

/** Adds `processToken`: see native.d.ts. */
void DefineToken(Napi::Env env, Napi::Object exports);

}  // namespace tswsl
