#include "distro/inspect.h"

#include "distro/rooted_files.h"
#include "store/layout.h"

namespace tswsl {
namespace {

/** The contract's limit on a text. */
constexpr size_t maxText = 256 * 1024;

Json textOrNull(const RootedFiles& files, const char* path) {
  const auto text = files.read(path, maxText);
  return text ? Json(*text) : Json();
}

}  // namespace

Json inspectDistro(const std::string& distro) {
  const RootedFiles files(findRoot(distro));
  Json osRelease = textOrNull(files, "/etc/os-release");
  // os-release(5): the second place is the vendor's.
  if (osRelease.is_null()) osRelease = textOrNull(files, "/usr/lib/os-release");
  return {
      {"wslConf", textOrNull(files, "/etc/wsl.conf")},
      {"wslDistributionConf", textOrNull(files, "/etc/wsl-distribution.conf")},
      {"osRelease", osRelease},
      {"passwd", textOrNull(files, "/etc/passwd")},
      {"fstab", textOrNull(files, "/etc/fstab")},
      {"hasInit", files.isExecutable("/sbin/init")},
  };
}

}  // namespace tswsl
