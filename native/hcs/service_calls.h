#pragma once

#include <napi.h>

namespace tswsl {

/** Adds the calls of computecore.dll that are about no particular handle. */
void DefineServiceCalls(Napi::Env env, Napi::Object exports);

}  // namespace tswsl
