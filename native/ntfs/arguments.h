#pragma once

#include <napi.h>

#include "ntfs/native_calls.h"

namespace tswsl {

/** Bytes of a Uint8Array, in place: valid for the length of the call. */
struct Bytes {
  void* data = nullptr;
  ULONG length = 0;
};

/** A handle, which Windows keeps below 2^32 for programs of 32 bits. Zero is none. Throws a TypeError for no number. */
HANDLE HandleArgument(const Napi::CallbackInfo& info, size_t index);

/** A whole number of 32 bits. Throws a TypeError for anything else. */
ULONG NumberArgument(const Napi::CallbackInfo& info, size_t index);

/** Throws a TypeError for anything but a Uint8Array. */
Bytes BytesArgument(const Napi::CallbackInfo& info, size_t index);

/** No bytes for null and undefined. */
Bytes OptionalBytesArgument(const Napi::CallbackInfo& info, size_t index);

/** A place in a file; -1 is its end, for writing. Throws a TypeError for what is none. */
LARGE_INTEGER OffsetArgument(const Napi::CallbackInfo& info, size_t index);

/** The status when it is an error or a warning, which are negative; else `value`, which is not. */
Napi::Value StatusOr(Napi::Env env, NTSTATUS status, ULONG_PTR value);

}  // namespace tswsl
