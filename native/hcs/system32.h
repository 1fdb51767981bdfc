#pragma once

#include <windows.h>

#include <utility>

namespace tswsl {

/** What a missing entry point or library answers with, as any failing call would. */
inline constexpr HRESULT kProcedureNotFound = static_cast<HRESULT>(0x8007007F);  // ERROR_PROC_NOT_FOUND
inline constexpr HRESULT kModuleNotFound = static_cast<HRESULT>(0x8007007E);     // ERROR_MOD_NOT_FOUND

/** A library of Windows itself, never one beside the program or on PATH. Null when this Windows does not have it. */
HMODULE LoadFromSystem32(const wchar_t* name);

/** Calls an entry point, or answers that the library or the entry point is missing. */
template <typename Function, typename... Arguments>
HRESULT CallIfPresent(HMODULE library, Function function, Arguments&&... arguments) {
  if (function == nullptr) return library == nullptr ? kModuleNotFound : kProcedureNotFound;
  return function(std::forward<Arguments>(arguments)...);
}

}  // namespace tswsl
