#include "distro/cgroup.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string_view>

#include "base/clock.h"
#include "base/files.h"
#include "base/paths.h"
#include "rpc/params.h"

namespace tswsl {
namespace {

constexpr std::chrono::seconds removalLimit{5};

std::string treePath() { return std::string(paths::cgroups) + "/" + paths::cgroupTree; }

/** Depth first, since a group with children cannot be removed. False while something still runs in it. */
bool removeGroup(const std::string& path) {
  for (const auto& name : listDirectory(path)) {
    struct stat status {};
    const std::string child = path + "/" + name;
    if (::lstat(child.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) removeGroup(child);
  }
  return ::rmdir(path.c_str()) == 0 || !pathExists(path);
}

}  // namespace

void enableControllers(const std::string& group) {
  const std::string controllers = readFile(group + "/cgroup.controllers").value_or("");
  std::string_view rest = controllers;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find_first_of(" \n"), rest.size());
    // One by one: the kernel refuses a list as a whole for one controller that cannot be turned on.
    if (end > 0) poke(group + "/cgroup.subtree_control", "+" + std::string(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

std::string distroGroup(const std::string& distro) { return treePath() + "/" + distro; }

std::string initGroup(const std::string& distro) {
  return std::string("/") + paths::cgroupTree + "/" + distro + "/init";
}

std::string commandsGroup(const std::string& distro) { return paths::cgroups + initGroup(distro) + "/commands"; }

std::string groupInDistro(const std::string& distro, const std::string& path) {
  const bool climbs = (path + "/").find("/../") != std::string::npos;
  if (!path.starts_with("/") || climbs || path.find('\0') != std::string::npos) {
    throw InvalidParams("cgroup is not an absolute path");
  }
  return paths::cgroups + initGroup(distro) + path;
}

void createGroups(const std::string& distro) {
  makeDirectories(distroGroup(distro));
  enableControllers(treePath());
  enableControllers(distroGroup(distro));
}

void createCommandsGroup(const std::string& distro) { makeDirectories(commandsGroup(distro)); }

void removeGroups(const std::string& distro) {
  const std::string path = distroGroup(distro);
  poke(path + "/cgroup.kill", "1");
  waitUntil([&] { return removeGroup(path); }, removalLimit);
}

}  // namespace tswsl
