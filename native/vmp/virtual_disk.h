#pragma once

#include <napi.h>

namespace tswsl {

/** Adds `createVirtualDisk`, `resizeVirtualDisk`, `compactVirtualDisk` and `virtualDiskSize`: see native.d.ts. */
void DefineVirtualDisk(Napi::Env env, Napi::Object exports);

}  // namespace tswsl
