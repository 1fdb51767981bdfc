#pragma once

#include <string>
#include <vector>

namespace tswsl {

/**
 * The store's names: /store/distros/<uuid>/rootfs is a distro; <uuid>.partial one under creation; <uuid>.deleted one
 * being removed. A rename is what makes a distro exist and cease to exist.
 */
std::string distroPath(const std::string& distro);
std::string partialPath(const std::string& distro);
std::string deletedPath(const std::string& distro);
std::string rootOf(const std::string& directory);

/** The root of a distro, committed or under creation. Throws Failure `not-found`. */
std::string findRoot(const std::string& distro);

/** The complete distros. */
std::vector<std::string> listDistros();
/** Directories that an interrupted create or delete has left. */
std::vector<std::string> listLeftovers();

}  // namespace tswsl
