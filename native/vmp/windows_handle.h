#pragma once

#include <windows.h>

#include <memory>

namespace tswsl {

struct CloseAnyHandle {
  // CreateFile's word for none is not a null pointer.
  void operator()(HANDLE handle) const {
    if (handle != nullptr && handle != INVALID_HANDLE_VALUE) CloseHandle(handle);
  }
};

/** A kernel handle that is closed with its owner. */
using OwnedHandle = std::unique_ptr<void, CloseAnyHandle>;

struct FreeLocal {
  void operator()(void* memory) const { LocalFree(memory); }
};

/** What a call has allocated with LocalAlloc. */
template <typename T>
using LocalMemory = std::unique_ptr<T, FreeLocal>;

}  // namespace tswsl
