#include "environment.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "base/files.h"
#include "base/paths.h"
#include "harness.h"
#include "net/links.h"
#include "net/netlink.h"

using namespace tswsl;

namespace environment {
namespace {

/** A root in which only /run, /store and the cgroups are ours; everything else is the machine's. */
void makeRoot(const std::string& root) {
  shell("mount -t tmpfs tmpfs " + root);
  for (const auto& name : listDirectory("/")) {
    struct stat status {};
    if (name == "run" || name == "store" || ::lstat(("/" + name).c_str(), &status) != 0) continue;
    if (S_ISLNK(status.st_mode)) shell("cp -a /" + name + " " + root);
    if (S_ISDIR(status.st_mode))
      shell("mkdir " + root + "/" + name + " && mount --rbind /" + name + " " + root + "/" + name);
  }
  shell("mkdir " + root + "/run " + root + "/store && mount -t tmpfs tmpfs " + root + "/run");
  shell("mount -t cgroup2 cgroup2 " + root + "/sys/fs/cgroup");
}

void mountStoreImage(const std::string& root) {
  const std::string image = root + ".img";
  shell("truncate -s 512M " + image + " && mkfs.btrfs -q " + image + " >/dev/null 2>&1 && mount -o loop " + image +
        " " + root + "/store");
  ::unlink(image.c_str());
}

void enterRoot(const std::string& root) {
  CHECK_EQ(::chdir(root.c_str()), 0);
  CHECK_EQ(::syscall(SYS_pivot_root, ".", "."), 0);
  CHECK_EQ(::umount2(".", MNT_DETACH), 0);
  CHECK_EQ(::chdir("/"), 0);
}

/** Removes an empty directory in the end, from the mount namespace that we were in: there nothing is mounted on it. */
class Remover {
 public:
  explicit Remover(const char* directory) {
    int ends[2];
    CHECK_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const Fd waiting(ends[0]);
    end_ = Fd(ends[1]);
    child_ = ::fork();
    CHECK(child_ >= 0);
    if (child_ > 0) return;
    end_ = Fd();
    char nothing = 0;
    while (::read(waiting.get(), &nothing, 1) < 0) continue;
    ::_exit(::rmdir(directory) == 0 ? 0 : 1);
  }

  ~Remover() {
    end_ = Fd();
    ::waitpid(child_, nullptr, 0);
  }

 private:
  Fd end_;
  pid_t child_ = -1;
};

void setUp() {
  char root[] = "/tmp/tswsl-agent-test-XXXXXX";
  CHECK(::mkdtemp(root) != nullptr);
  const Remover remover(root);
  CHECK_EQ(::unshare(CLONE_NEWNS | CLONE_NEWNET), 0);
  CHECK_EQ(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
  makeRoot(root);
  mountStoreImage(root);
  enterRoot(root);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  bringUpLoopback();
  const Netlink netlink;
  addBridge(netlink, paths::bridge);
  setAddress(netlink, paths::bridge, {"10.99.0.1", 24});
  setUp(netlink, paths::bridge);
  for (const char* directory : {paths::distros, paths::agentDirectory, paths::crunState}) makeDirectories(directory);
  shell(std::string("cp " TSWSL_AGENT " ") + paths::agentCopy);
}

std::string obstacle() {
  if (::geteuid() != 0) return "needs root";
  if (std::system("command -v crun mkfs.btrfs losetup >/dev/null") != 0) return "needs crun and mkfs.btrfs";
  const std::string filesystems = readFile("/proc/filesystems").value_or("");
  if (filesystems.find("btrfs") == std::string::npos) return "needs a kernel with btrfs";
  if (filesystems.find("cgroup2") == std::string::npos) return "needs a kernel with cgroup2";
  return "";
}

}  // namespace

void shell(const std::string& command) {
  const int status = std::system(command.c_str());
  if (status != 0) throw test::Failed("failed: " + command);
}

void require() {
  static const std::string reason = obstacle();
  if (!reason.empty()) SKIP(reason);
  static const bool made = [] {
    setUp();
    return true;
  }();
  static_cast<void>(made);
}

std::string makeRootTree() {
  char tree[] = "/run/tree-XXXXXX";
  CHECK(::mkdtemp(tree) != nullptr);
  const std::string path = tree;
  shell("cd " + path +
        " && mkdir -m 755 usr proc dev sys run tmp etc root home home/ada && chmod 755 . && chown 1000:1000 home/ada");
  shell("cd " + path + " && for d in bin sbin lib lib64; do ln -s usr/$d $d; done");
  writeFile(path + "/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000::/home/ada:/no/such/shell\n");
  writeFile(path + "/etc/group", "root:x:0:\nada:x:1000:\naudio:x:29:ada\n");
  writeFile(path + "/etc/os-release", "ID=fake\nVERSION_ID=1\n");
  return path;
}

Json ociConfig() {
  const auto mount = [](const char* type, const char* source, const char* destination, Json options) {
    return Json{{"type", type}, {"source", source}, {"destination", destination}, {"options", std::move(options)}};
  };
  const Json mounts = {
      mount("proc", "proc", "/proc", Json::array()),
      mount("tmpfs", "tmpfs", "/dev", {"mode=755"}),
      mount("devpts", "devpts", "/dev/pts", {"newinstance", "ptmxmode=0666", "mode=0620", "gid=5"}),
      mount("cgroup", "cgroup", "/sys/fs/cgroup", {"rw", "nosuid", "noexec", "nodev"}),
      mount("bind", "/usr", "/usr", {"rbind", "ro"}),
      mount("bind", paths::agentCopy, paths::distroInit, {"bind", "ro"}),
  };
  Json namespaces = Json::array();
  for (const char* type : {"pid", "mount", "uts", "ipc", "cgroup", "network"}) namespaces.push_back({{"type", type}});
  return {{"ociVersion", "1.0.2"},
          {"process",
           {{"user", {{"uid", 0}, {"gid", 0}}}, {"args", {paths::distroInit}}, {"cwd", "/"}, {"env", Json::array()}}},
          {"root", {{"path", ""}, {"readonly", false}}},
          {"hostname", "fake"},
          {"mounts", mounts},
          {"linux", {{"namespaces", namespaces}}}};
}

}  // namespace environment
