#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "files/mount_info.h"

namespace tswsl {

/** What the meaning of a path depends on. */
struct PathWorld {
  std::vector<MountEntry> mounts;
  /** The distro's name, as the host knows it. */
  std::string distro;
  std::string workingDirectory;
  /** An absolute path without links; what of it does not exist stays as it is. */
  std::function<std::string(const std::string&)> resolve;
};

/**
 * The distro's path of a host's path: `C:\Users` → `/mnt/c/Users`. A relative path stays relative unless `absolute`.
 * Nothing when no mount shows it, or when it is another distro's.
 */
std::optional<std::string> toLinuxPath(const PathWorld& world, const std::string& path, bool absolute);

/** The host's path of a distro's path: `/mnt/c/Users` → `C:\Users`, `/etc` → `\\tswsl$\NAME\etc`. */
std::optional<std::string> toHostPath(const PathWorld& world, const std::string& path, bool absolute);

/** On a host with drives, as its exports tell. */
bool hostHasDrives(const PathWorld& world);

}  // namespace tswsl
