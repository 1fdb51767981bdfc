#pragma once

#include <windows.h>

#include <optional>
#include <string>

namespace tswsl {

/** A SID in its text form, `S-1-5-…`; nothing for a null pointer. */
std::optional<std::wstring> SecurityIdText(PSID sid);

}  // namespace tswsl
