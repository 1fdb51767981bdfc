#include "net/distro_network.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/failure.h"
#include "base/fd.h"
#include "base/files.h"
#include "base/paths.h"
#include "net/netlink.h"

namespace tswsl {
namespace {

/** Our end of the pair. Interface names have 15 bytes: eight digits of the UUID tell the few distros of a VM apart. */
std::string outerName(const std::string& distro) { return "v" + distro.substr(0, 8); }

Fd openNamespace(const std::string& path) {
  return Fd(checked(::open(path.c_str(), O_RDONLY | O_CLOEXEC), "cannot open " + path));
}

/** Mounted on a file, the namespace lives until it is unmounted, with or without processes in it. */
void makeNamespace(const std::string& path) {
  writeFile(path, "");
  checked(::unshare(CLONE_NEWNET), "cannot make a network namespace");
  if (::mount("/proc/self/ns/net", path.c_str(), nullptr, MS_BIND, nullptr) != 0) failErrno("cannot mount " + path);
}

}  // namespace

std::string namespacePath(const std::string& distro) { return std::string(paths::networkNamespaces) + "/" + distro; }

void createDistroNetwork(const std::string& distro, const DistroNetwork& network) {
  const std::string path = namespacePath(distro);
  makeDirectories(paths::networkNamespaces);
  const Netlink outside;
  const Fd home = openNamespace("/proc/self/ns/net");
  makeNamespace(path);
  const Fd created = openNamespace(path);
  const Netlink inside;
  checked(::setns(home.get(), CLONE_NEWNET), "cannot return to the VM's network namespace");
  addVethPair(outside, outerName(distro), "eth0", created.get());
  setMaster(outside, outerName(distro), paths::bridge);
  setUp(outside, outerName(distro));
  checked(::setns(created.get(), CLONE_NEWNET), "cannot enter the distro's network namespace");
  setUp(inside, "lo");
  setAddress(inside, "eth0", network.address);
  setUp(inside, "eth0");
  setDefaultRoute(inside, "eth0", network.gateway);
  checked(::setns(home.get(), CLONE_NEWNET), "cannot return to the VM's network namespace");
}

void removeDistroNetwork(const std::string& distro) {
  const std::string path = namespacePath(distro);
  // The pair goes with the namespace, but later and unobserved; a new start needs the name now.
  removeLink(Netlink(), outerName(distro));
  ::umount2(path.c_str(), MNT_DETACH);
  ::unlink(path.c_str());
}

}  // namespace tswsl
