#pragma once

#include <string>

namespace tswsl {

/** btrfs subvolumes, by ioctl: `btrfs subvolume` would cost a process each. All block and throw Failure. */
void createSubvolume(const std::string& parent, const std::string& name);

/**
 * Deletes a subvolume and every subvolume that was made inside it (by Docker, systemd-machined, a user), innermost
 * first and by number, so that no hostile name is ever resolved.
 */
void deleteSubvolume(const std::string& path);

bool isSubvolume(const std::string& path);

}  // namespace tswsl
