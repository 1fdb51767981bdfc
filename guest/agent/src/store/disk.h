#pragma once

#include <string>

namespace tswsl {

/** True when the first MiB holds nothing: no partition table, no file system that we know or do not know. */
bool isBlank(const std::string& device);

/** Mounts the store's disk; formats it first when `format` and blank. Blocks. Throws Failure. */
void mountStore(const std::string& device, bool format);

}  // namespace tswsl
