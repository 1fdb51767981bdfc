#include "store/disk.h"

#include <fcntl.h>
#include <sys/mount.h>

#include <algorithm>

#include "base/failure.h"
#include "base/fd.h"
#include "base/files.h"
#include "base/log.h"
#include "base/paths.h"
#include "process/program.h"

namespace tswsl {
namespace {

constexpr size_t signatureArea = 1024 * 1024;
/** Freed space goes back to the host, in the background; reading must not write. */
constexpr const char* options = "discard=async";

}  // namespace

bool isBlank(const std::string& device) {
  const Fd fd(checked(::open(device.c_str(), O_RDONLY | O_CLOEXEC), "cannot open " + device));
  const auto bytes = readOpened(fd.get(), signatureArea);
  if (!bytes) failErrno("cannot read " + device);
  return std::all_of(bytes->begin(), bytes->end(), [](char c) { return c == 0; });
}

void mountStore(const std::string& device, bool format) {
  if (format && isBlank(device)) {
    log("formatting " + device);
    mustRun({"mkfs.btrfs", "-q", "-L", "tswsl", device});
  }
  if (::mount(device.c_str(), paths::store, "btrfs", MS_NOATIME, options) != 0) {
    if (errno != EINVAL) failErrno("cannot mount the store");
    throw Failure(Code::invalidState, "the store's disk does not hold a btrfs file system",
                  "check that the store file is the right one; a damaged one can be inspected with `btrfs check`",
                  EINVAL);
  }
  makeDirectories(paths::distros);
}

}  // namespace tswsl
