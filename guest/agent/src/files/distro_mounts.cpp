#include "files/distro_mounts.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <array>
#include <climits>
#include <optional>

#include "base/failure.h"
#include "base/files.h"
#include "base/paths.h"
#include "base/split.h"
#include "distro/rooted_files.h"
#include "files/mount_info.h"
#include "files/mount_tree.h"
#include "rpc/params.h"

namespace tswsl {
namespace {

constexpr size_t maxMountInfo = 16 * 1024 * 1024;
/** As WSL makes them: the folder behind is what decides. */
constexpr unsigned targetMode = 0777;
/** Mounts of ours on top of each other at one place; there is one, or a distro plays with us. */
constexpr int maxLayers = 16;

/** A folder as mountinfo names it. */
struct Folder {
  std::string device;
  std::string root;
};

/** What /proc says, of a process and of ourselves, also after we have entered a namespace that has another /proc. */
class Procfs {
 public:
  explicit Procfs(pid_t pid) : process_(open("/proc/" + std::to_string(pid))), ours_(open("/proc/self/fd")) {}

  std::vector<MountEntry> mounts() const {
    const Fd file(checked(::openat(process_.get(), "mountinfo", O_RDONLY | O_CLOEXEC), "cannot read mountinfo"));
    return parseMountInfo(readOpened(file.get(), maxMountInfo).value_or(""));
  }

  /** The path of an open descriptor of ours, without links, as seen from our root. */
  std::string pathOf(const Fd& fd) const {
    std::array<char, PATH_MAX> path{};
    const ssize_t size = checked(::readlinkat(ours_.get(), std::to_string(fd.get()).c_str(), path.data(), path.size()),
                                 "cannot tell where a directory is");
    return {path.data(), static_cast<size_t>(size)};
  }

 private:
  static Fd open(const std::string& path) {
    return Fd(checked(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC), "cannot open " + path));
  }

  Fd process_;
  Fd ours_;
};

std::string hostPath(const std::string& source) {
  return source.empty() ? paths::hostFiles : std::string(paths::hostFiles) + "/" + source;
}

Folder sourceFolder(const std::string& source) {
  const std::string path = hostPath(source);
  const auto mounts = parseMountInfo(readFile("/proc/self/mountinfo", maxMountInfo).value_or(""));
  const MountEntry* mount = coveringMount(mounts, path);
  if (mount == nullptr) throw Failure(Code::internal, "no mount covers " + path);
  const std::string root = mount->root == "/" ? "" : mount->root;
  const std::string folder = root + std::string(*below(path, mount->mountPoint));
  return {mount->device, folder.empty() ? "/" : folder};
}

void enterMounts(const DistroPlace& distro) {
  if (::setns(distro.initPidfd, CLONE_NEWNS) == 0) return;
  if (errno != ESRCH) failErrno("cannot enter the distribution");
  throw Failure(Code::invalidState, "the distribution has stopped");
}

/** The kernel asks the server, and answers for a connection that is gone. */
bool isAlive(const Fd& directory) {
  struct stat status{};
  return ::fstat(directory.get(), &status) == 0;
}

std::optional<MountEntry> ourMountAt(const Procfs& procfs, const std::string& path, const Folder& ours) {
  const auto mounts = procfs.mounts();
  const MountEntry* mount = mountAt(mounts, path);
  if (mount == nullptr || (mount->type != "9p" && mount->device != ours.device)) return std::nullopt;
  return *mount;
}

void detach(const std::string& path) {
  if (::umount2(path.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW) != 0) failErrno("cannot unmount " + path);
}

}  // namespace

void checkMountSource(const std::string& source) {
  if (source.empty()) return;
  for (const auto part : split(source, '/')) {
    if (part.empty() || part == "." || part == ".." || part.find('\0') != std::string_view::npos) {
      throw InvalidParams("source must be a path below the host's files");
    }
  }
}

void checkMountTarget(const std::string& target) {
  const bool absolute = target.starts_with('/') && target.find_first_not_of('/') != std::string::npos;
  if (!absolute || target.find('\0') != std::string::npos) throw InvalidParams("target must be an absolute path");
}

void mountInDistro(const DistroPlace& distro, const DistroMountRequest& request) {
  const Folder folder = sourceFolder(request.source);
  const Fd tree = cloneHostFolder(request.source, request.readOnly ? MOUNT_ATTR_RDONLY : 0);
  const Procfs procfs(distro.init);
  enterMounts(distro);
  ::umask(0);
  const RootedFiles files("/");
  for (int layer = 0; layer < maxLayers; ++layer) {
    const Fd target = files.makeDirectory(request.target, targetMode);
    const std::string path = procfs.pathOf(target);
    const auto present = ourMountAt(procfs, path, folder);
    if (!present) return attachMount(tree, target, request.target);
    const bool same = present->device == folder.device && present->root == folder.root &&
                      present->readOnly == request.readOnly && isAlive(target);
    if (same) return;
    detach(path);
  }
  throw Failure(Code::invalidState, "too many mounts at " + request.target);
}

void unmountInDistro(const DistroPlace& distro, const std::string& target) {
  const Folder all = sourceFolder("");
  const Procfs procfs(distro.init);
  enterMounts(distro);
  const RootedFiles files("/");
  for (int layer = 0; layer < maxLayers; ++layer) {
    const Fd directory = files.open(target, O_PATH | O_DIRECTORY);
    if (!directory) return;
    const std::string path = procfs.pathOf(directory);
    if (!ourMountAt(procfs, path, all)) return;
    detach(path);
  }
}

}  // namespace tswsl
