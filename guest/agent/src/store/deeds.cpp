#include "store/deeds.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/failure.h"
#include "base/fd.h"
#include "base/files.h"
#include "base/paths.h"
#include "distro/rooted_files.h"
#include "store/layout.h"
#include "store/subvolume.h"

namespace tswsl {
namespace {

void syncStore() {
  const Fd fd(checked(::open(paths::distros, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "cannot open the store"));
  checked(::syncfs(fd.get()), "cannot sync the store");
}

/** A name that exists is never replaced. */
void renameNew(const std::string& from, const std::string& to) {
  checked(::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE), "cannot rename " + from);
}

void checkIsRoot(const std::string& root) {
  const RootedFiles files(root);
  if (files.exists("/etc") || files.exists("/bin/sh")) return;
  throw Failure(Code::invalidArgument, "not a root file system: it has neither /etc nor /bin/sh",
                "give the archive of a whole Linux root, such as `docker export` or mmdebstrap makes");
}

}  // namespace

StoreUsage storeUsage() {
  struct statfs status {};
  const bool attached = ::statfs(paths::store, &status) == 0 && status.f_type == BTRFS_SUPER_MAGIC;
  if (!attached) throw Failure(Code::invalidState, "the store is not attached");
  // Both are counts of blocks of f_bsize, none of them negative.
  const auto block = static_cast<uint64_t>(status.f_bsize);
  return {status.f_blocks * block, status.f_bavail * block};
}

void createDistro(const std::string& distro) {
  storeUsage();
  for (const auto& path : {distroPath(distro), partialPath(distro)}) {
    if (pathExists(path)) throw Failure(Code::exists, "the store already has " + distro);
  }
  const std::string directory = partialPath(distro);
  checked(::mkdir(directory.c_str(), 0755), "cannot create " + directory);
  createSubvolume(directory, "rootfs");
}

void commitDistro(const std::string& distro) {
  if (!pathExists(rootOf(partialPath(distro)))) {
    throw Failure(pathExists(distroPath(distro)) ? Code::exists : Code::notFound,
                  "no distribution " + distro + " is under creation");
  }
  checkIsRoot(rootOf(partialPath(distro)));
  syncStore();
  renameNew(partialPath(distro), distroPath(distro));
  syncStore();
}

void removeDirectory(const std::string& path) {
  const std::string root = rootOf(path);
  if (isSubvolume(root)) deleteSubvolume(root);
  removeTree(path);
}

void deleteDistro(const std::string& distro) {
  storeUsage();
  // What an interrupted delete left must not be in the way of this one.
  if (pathExists(deletedPath(distro))) removeDirectory(deletedPath(distro));
  if (pathExists(distroPath(distro))) {
    // After this the distro is gone, whatever happens to the removal.
    renameNew(distroPath(distro), deletedPath(distro));
    removeDirectory(deletedPath(distro));
  }
  if (pathExists(partialPath(distro))) removeDirectory(partialPath(distro));
  syncStore();
}

}  // namespace tswsl
