#pragma once

#include <string>

namespace tswsl {

enum class LogTarget { standardError, kernel, nowhere };

/** To the kernel's ring buffer, and so to the VM's console; until it is called, to standard error. */
void logTo(LogTarget target);

/** One line, prefixed `tswsl-agent: `. Never fails: an agent that cannot log goes on. */
void log(const std::string& line);

}  // namespace tswsl
