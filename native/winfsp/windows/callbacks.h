#pragma once

#include "winfsp/windows/layout.h"

namespace tswsl::winfsp {

/** What WinFsp's dispatcher threads call; the file system's user context is its Session. */
const Interface& Callbacks();

}  // namespace tswsl::winfsp
