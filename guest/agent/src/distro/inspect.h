#pragma once

#include "base/json.h"

namespace tswsl {

/** The answer of distro.inspect. Blocks: for a helper process. Throws Failure. */
Json inspectDistro(const std::string& distro);

}  // namespace tswsl
