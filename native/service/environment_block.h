#pragma once

#include <string>

namespace tswsl {

/**
 * This process's environment for CreateProcess, with TSWSL_HOME set to a directory and without what makes Node load or do
 * more than the program it was given: a service has more rights than who may have set that.
 */
std::wstring EnvironmentBlock(const std::wstring& home);

}  // namespace tswsl
