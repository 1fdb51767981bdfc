#pragma once

#include <string>
#include <vector>

namespace tswsl {

/** `wslpath [-a] [-u | -w | -m] PATH`: translates between the distro's paths and the host's. Exit status 0 or 1. */
int runWslpath(const std::vector<std::string>& arguments);

}  // namespace tswsl
