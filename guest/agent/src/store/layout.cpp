#include "store/layout.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/paths.h"
#include "rpc/params.h"

namespace tswsl {

std::string distroPath(const std::string& distro) { return std::string(paths::distros) + "/" + distro; }
std::string partialPath(const std::string& distro) { return distroPath(distro) + ".partial"; }
std::string deletedPath(const std::string& distro) { return distroPath(distro) + ".deleted"; }
std::string rootOf(const std::string& directory) { return directory + "/rootfs"; }

std::string findRoot(const std::string& distro) {
  for (const auto& directory : {distroPath(distro), partialPath(distro)}) {
    if (pathExists(rootOf(directory))) return rootOf(directory);
  }
  throw Failure(Code::notFound, "the store has no distribution " + distro, "list them with `tswsl list`");
}

std::vector<std::string> listDistros() {
  std::vector<std::string> complete;
  for (const auto& name : listDirectory(paths::distros)) {
    if (isUuid(name) && pathExists(rootOf(distroPath(name)))) complete.push_back(name);
  }
  return complete;
}

std::vector<std::string> listLeftovers() {
  std::vector<std::string> leftovers;
  for (const auto& name : listDirectory(paths::distros)) {
    if (name.ends_with(".partial") || name.ends_with(".deleted")) {
      leftovers.push_back(std::string(paths::distros) + "/" + name);
    }
  }
  return leftovers;
}

}  // namespace tswsl
