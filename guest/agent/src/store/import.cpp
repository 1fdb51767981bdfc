#include "store/import.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <chrono>

#include "base/failure.h"
#include "base/fd.h"
#include "base/files.h"
#include "boot/scsi_disk.h"
#include "process/fork_child.h"
#include "rpc/params.h"
#include "store/layout.h"

namespace tswsl {
namespace {

/** A place that the system image has, covered by the distro's root for tar alone. */
constexpr const char* target = "/tmp";

/** Everything else that is writable, out of sight: a hostile archive finds the read-only image and its own root. */
constexpr const char* hidden[] = {"/store", "/run", "/dev", "/sys", "/proc"};

void confine(const std::string& root) {
  checked(::unshare(CLONE_NEWNS), "cannot make a mount namespace");
  checked(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "cannot make mounts private");
  checked(::mount(root.c_str(), target, nullptr, MS_BIND, nullptr), "cannot mount the distribution's root");
  for (const char* path : hidden) ::umount2(path, MNT_DETACH);
}

/** In sectors: reads large enough that the emulated controller does not count. */
constexpr unsigned long readAhead = 2048;
constexpr std::chrono::seconds diskLimit{15};

/** Makes the disk standard input. Before {@link confine}, which hides it. */
void readFromDisk(int lun) {
  const std::string device = awaitScsiDisk(lun, diskLimit);
  const Fd disk(checked(::open(device.c_str(), O_RDONLY | O_CLOEXEC), "cannot open " + device));
  ::ioctl(disk.get(), BLKRASET, readAhead);
  checked(::dup2(disk.get(), STDIN_FILENO), "cannot read " + device);
}

std::string optionFor(const std::string& compression) {
  if (compression == "none") return "";
  if (compression == "gzip") return "--gzip";
  if (compression == "xz") return "--xz";
  if (compression == "zstd") return "--zstd";
  throw InvalidParams("compression must be none, gzip, xz or zstd");
}

}  // namespace

ImportRequest parseImportRequest(const Json& header) {
  const Params params(header);
  return {params.uuid("distro"), optionFor(params.text("compression")), params.integerOrNull("disk", 0, maxScsiLun)};
}

int runImport(const ImportRequest& request) {
  try {
    const std::string root = rootOf(partialPath(request.distro));
    if (!pathExists(root)) throw Failure(Code::notFound, "no distribution " + request.distro + " is under creation");
    if (request.disk) readFromDisk(static_cast<int>(*request.disk));  // The parser's bounds fit an int.
    confine(root);
    std::vector<std::string> tar = {"tar", "--extract", "--file=-", std::string("--directory=") + target};
    // Not --acls: for each file without an access control list, tar then sets the one that says what its mode says, which
    // made an import half as long again. Images of distributions hold none; one kept as an xattr is restored.
    for (const char* option : {"--xattrs", "--xattrs-include=*", "--numeric-owner", "--same-permissions", "--same-owner",
                               "--warning=no-timestamp"}) {
      tar.emplace_back(option);
    }
    if (!request.decompress.empty()) tar.push_back(request.decompress);
    return execProgram(tar);
  } catch (const Failure& failure) {
    writeAll(STDERR_FILENO, std::string("tswsl: ") + failure.what() + "\n", "the reason");
    return 1;
  }
}

}  // namespace tswsl
