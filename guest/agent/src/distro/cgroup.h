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
 * The absolute path of the leaf for commands without a session. It lies in the container's own group, which is the root
 * of the distro's cgroup namespace: the distro can move only what is below that root. The init, ours or systemd, goes
 * into a leaf of its own, because cgroup2 forbids processes beside children that share out controllers.
 */
std::string commandsGroup(const std::string& distro);

/** The absolute path of a group that the distro names, as it sees it: `/user.slice/…`. Throws InvalidParams. */
std::string groupInDistro(const std::string& distro, const std::string& path);

/** Makes a distro's group, before crun makes the container's in it. Throws Failure. */
void createGroups(const std::string& distro);

/** Makes the commands' leaf in the container's group. Throws Failure. */
void createCommandsGroup(const std::string& distro);

/** Kills what is left in a distro's group, and removes it. Blocks: for a helper process. */
void removeGroups(const std::string& distro);

}  // namespace tswsl
