#include "files/mount_tree.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/failure.h"

namespace tswsl {

Fd cloneMount(const std::string& path, uint64_t attributes) {
  // Not through the C library: its wrappers came with glibc 2.36.
  const long fd = checked(::syscall(SYS_open_tree, AT_FDCWD, path.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC),
                          "cannot reach " + path);
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
