#include "boot/mounts.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/failure.h"
#include "base/files.h"
#include "base/paths.h"
#include "distro/cgroup.h"

namespace tswsl {
namespace {

constexpr const char* newRoot = "/sysroot";
constexpr unsigned long plain = MS_NOSUID | MS_NODEV | MS_NOEXEC;

void moveMount(const std::string& from) {
  const std::string to = newRoot + from;
  if (::mount(from.c_str(), to.c_str(), nullptr, MS_MOVE, nullptr) != 0) failErrno("cannot move " + from + " to " + to);
}

}  // namespace

void mountOrFail(const Mount& mount) {
  if (::mount(mount.source, mount.target, mount.type, mount.flags, mount.options) != 0) {
    failErrno(std::string("cannot mount ") + mount.source + " on " + mount.target);
  }
}

void mountKernelFileSystems() {
  for (const char* directory : {"/proc", "/sys", "/dev", newRoot}) ::mkdir(directory, 0755);
  mountOrFail({"proc", "/proc", "proc", plain, nullptr});
  mountOrFail({"sysfs", "/sys", "sysfs", plain, nullptr});
  mountOrFail({"devtmpfs", "/dev", "devtmpfs", MS_NOSUID, "mode=0755"});
}

void switchRoot(const std::string& device) {
  mountOrFail({device.c_str(), newRoot, "erofs", MS_RDONLY, nullptr});
  for (const char* directory : {"/dev", "/proc", "/sys"}) moveMount(directory);
  checked(::chdir(newRoot), "cannot enter the system image");
  if (::mount(".", "/", nullptr, MS_MOVE, nullptr) != 0) failErrno("cannot make the system image the root");
  checked(::chroot("."), "cannot change root to the system image");
  checked(::chdir("/"), "cannot enter the new root");
}

void mountRuntime() {
  mountOrFail({"tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755"});
  mountOrFail({"tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777"});
  ::mkdir("/dev/pts", 0755);
  ::mkdir("/dev/shm", 0755);
  mountOrFail({"devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5"});
  mountOrFail({"tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777"});
  mountOrFail({"cgroup2", paths::cgroups, "cgroup2", plain, "nsdelegate"});
  enableControllers(paths::cgroups);
}

}  // namespace tswsl
