#pragma once

#include <string>

namespace tswsl {

/**
 * Sends the log to the kernel's ring buffer, and so to the VM's console, prefixed `tswsl-agent: `. Until it is called
 * the log goes to standard error, which is what the tests want.
 */
void logToKernel();

/** One line. Never fails: an agent that cannot log goes on. */
void log(const std::string& line);

}  // namespace tswsl
