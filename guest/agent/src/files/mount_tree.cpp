#include "files/mount_tree.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/failure.h"
#include "base/paths.h"

namespace tswsl {

namespace {

/** What the kernel answers for a connection that is gone, or that went meanwhile. */
bool isLost(int error) { return error == EIO || error == ECONNRESET || error == EPIPE || error == ENOTCONN; }

[[noreturn]] void failSource(const std::string& source, int error) {
  const Code code = isLost(error) ? Code::unavailable : codeFromErrno(error);
  const std::string why = isLost(error) ? "the host does not answer" : std::strerror(error);
  throw Failure(code, "cannot have the host's folder " + (source.empty() ? "/" : source) + ": " + why,
                "`tswsl status` says whether the host is there, `tswsl set --host-files` what it shows", error);
}

}  // namespace

Fd cloneHostFolder(const std::string& source, uint64_t attributes) {
  const std::string path = source.empty() ? paths::hostFiles : std::string(paths::hostFiles) + "/" + source;
  // Not through the C library: its wrappers came with glibc 2.36.
  const long fd = ::syscall(SYS_open_tree, AT_FDCWD, path.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
  if (fd < 0) failSource(source, errno);
  // A descriptor fits an int.
  Fd tree(static_cast<int>(fd));
  if (attributes == 0) return tree;
  mount_attr change{};
  change.attr_set = attributes;
  // noatime is a value of a field, which is cleared to be set.
  if ((attributes & MOUNT_ATTR_NOATIME) != 0) change.attr_clr = MOUNT_ATTR__ATIME;
  checked(::syscall(SYS_mount_setattr, tree.get(), "", AT_EMPTY_PATH, &change, sizeof change),
          "cannot set the options of the mount of " + path);
  return tree;
}

void attachMount(const Fd& tree, const Fd& target, const std::string& name) {
  checked(
      ::syscall(SYS_move_mount, tree.get(), "", target.get(), "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH),
      "cannot mount on " + name);
}

}  // namespace tswsl
