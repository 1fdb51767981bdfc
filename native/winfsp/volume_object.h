#pragma once

#include <napi.h>

namespace tswsl {

/** Defines `createVolume` and `whatIsMissing`, which native.d.ts describes. */
void DefineVolume(Napi::Env env, Napi::Object exports);

}  // namespace tswsl
