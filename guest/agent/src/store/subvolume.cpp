#include "store/subvolume.h"

#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/btrfs_tree.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <cstring>
#include <vector>

#include "base/failure.h"
#include "base/fd.h"

namespace tswsl {
namespace {

Fd openDirectory(const std::string& path) {
  return Fd(checked(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), "cannot open " + path));
}

/** The number of the subvolume that the descriptor lies in. */
uint64_t subvolumeId(int fd) {
  btrfs_ioctl_ino_lookup_args lookup{};
  lookup.objectid = BTRFS_FIRST_FREE_OBJECTID;
  checked(::ioctl(fd, BTRFS_IOC_INO_LOOKUP, &lookup), "cannot identify a subvolume");
  return lookup.treeid;
}

/** The subvolumes directly inside subvolume `id`, from the tree of roots: ROOT_REF items are (parent, child). */
std::vector<uint64_t> childrenOf(int fd, uint64_t id) {
  std::vector<uint64_t> children;
  btrfs_ioctl_search_args search{};
  search.key.tree_id = BTRFS_ROOT_TREE_OBJECTID;
  search.key.min_objectid = search.key.max_objectid = id;
  search.key.min_type = search.key.max_type = BTRFS_ROOT_REF_KEY;
  search.key.max_offset = ~0ULL;
  search.key.max_transid = ~0ULL;
  for (;;) {
    search.key.nr_items = 4096;
    checked(::ioctl(fd, BTRFS_IOC_TREE_SEARCH, &search), "cannot list nested subvolumes");
    if (search.key.nr_items == 0) return children;
    size_t offset = 0;
    for (uint32_t i = 0; i < search.key.nr_items; ++i) {
      btrfs_ioctl_search_header header{};
      std::memcpy(&header, search.buf + offset, sizeof header);
      offset += sizeof header + header.len;
      children.push_back(header.offset);
    }
    if (children.back() == ~0ULL) return children;
    search.key.min_offset = children.back() + 1;
  }
}

void collect(int fd, uint64_t id, std::vector<uint64_t>& innermostFirst) {
  for (const uint64_t child : childrenOf(fd, id)) collect(fd, child, innermostFirst);
  innermostFirst.push_back(id);
}

void destroy(int fd, uint64_t id) {
  btrfs_ioctl_vol_args_v2 arguments{};
  arguments.flags = BTRFS_SUBVOL_SPEC_BY_ID;
  arguments.subvolid = id;
  checked(::ioctl(fd, BTRFS_IOC_SNAP_DESTROY_V2, &arguments), "cannot delete a subvolume");
}

}  // namespace

bool isSubvolume(const std::string& path) {
  struct stat status {};
  // Every subvolume's root has this inode number, and nothing else on btrfs has.
  return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_ino == BTRFS_FIRST_FREE_OBJECTID;
}

void createSubvolume(const std::string& parent, const std::string& name) {
  const Fd directory = openDirectory(parent);
  btrfs_ioctl_vol_args arguments{};
  if (name.size() >= sizeof arguments.name) throw Failure(Code::invalidArgument, "subvolume name too long");
  name.copy(arguments.name, name.size());
  checked(::ioctl(directory.get(), BTRFS_IOC_SUBVOL_CREATE, &arguments), "cannot create a subvolume in " + parent);
}

void deleteSubvolume(const std::string& path) {
  std::vector<uint64_t> ids;
  {
    const Fd subvolume = openDirectory(path);
    const uint64_t id = subvolumeId(subvolume.get());
    collect(subvolume.get(), id, ids);
  }
  const size_t slash = path.rfind('/');
  const Fd parent = openDirectory(path.substr(0, slash));
  for (const uint64_t id : ids) destroy(parent.get(), id);
}

}  // namespace tswsl
