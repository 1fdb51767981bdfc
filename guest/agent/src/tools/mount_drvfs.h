#pragma once

#include <string>
#include <vector>

namespace tswsl {

/**
 * `mount.drvfs SOURCE TARGET [-o OPTIONS]`, which mount(8) runs for `mount -t drvfs`: shows a folder of the host that
 * the distro's /run/tswsl/host reaches. Exit status: 0, 1 wrong usage, 32 failed, as mount(8) has them.
 */
int runMountDrvfs(const std::vector<std::string>& arguments);

}  // namespace tswsl
