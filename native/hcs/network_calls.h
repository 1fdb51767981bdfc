#pragma once

#include <napi.h>

namespace tswsl {

/** Adds the calls of computenetwork.dll. Networks and endpoints are known by id; a handle lives for one call. */
void DefineNetworkCalls(Napi::Env env, Napi::Object exports);

}  // namespace tswsl
