#pragma once

#include <windows.h>

#include <optional>

namespace tswsl {

/** The number under this name in HKEY_CURRENT_USER\Software\tswsl-test, where a test has put it. */
std::optional<DWORD> answer(const wchar_t* name);

/** Tells the test. */
void report(const wchar_t* name, DWORD value);

}  // namespace tswsl
