#pragma once

#include <napi.h>

namespace tswsl {

/** Adds what reaches files by name and asks about them: see native.d.ts. */
void DefineNames(Napi::Env env, Napi::Object exports);

}  // namespace tswsl
