#pragma once

#include <string>

namespace tswsl {

/** Turns on, for the children of a group, every controller that the group has. One that cannot be is skipped. */
void enableControllers(const std::string& group);

/** The absolute path of the group that holds all of a distro, and that its limits are set on. */
std::string distroGroup(const std::string& distro);

/** Where crun puts a distro, relative to the root of the tree: linux.cgroupsPath. */
std::string initGroup(const std::string& distro);

/**
 * The absolute path of the leaf that a distro's commands join. It is a sibling of the container's own group, because
 * cgroup2 forbids processes beside children, and the container's init (systemd) makes children in its own.
 */
std::string commandsGroup(const std::string& distro);

/** Makes a distro's group and the commands' leaf. Throws Failure. */
void createGroups(const std::string& distro);

/** Kills what is left in a distro's group, and removes it. Blocks: for a helper process. */
void removeGroups(const std::string& distro);

}  // namespace tswsl
