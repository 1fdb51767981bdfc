#include "boot/boot.h"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>

#include "base/failure.h"
#include "base/fd.h"
#include "base/files.h"
#include "base/log.h"
#include "base/paths.h"
#include "boot/limits.h"
#include "boot/mounts.h"
#include "boot/scsi_disk.h"
#include "net/links.h"

namespace tswsl {
namespace {

constexpr int systemImageLun = 0;
constexpr std::chrono::seconds systemImageLimit{20};

/** The initramfs holds no /dev/console, so the kernel starts us without 0, 1 and 2: nothing else must get these. */
void occupyStandardStreams() {
  int fd = -1;
  do {
    fd = checked(::open("/dev/null", O_RDWR), "cannot open /dev/null");
  } while (fd < 2);
  if (fd > 2) ::close(fd);
}

/** Distros bind the copy: the original lies in the initramfs, below the system image and out of reach. */
void copySelf(int self) {
  makeDirectories(paths::agentDirectory);
  const Fd copy(
      checked(::open(paths::agentCopy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0555), "cannot copy the agent"));
  struct stat status {};
  checked(::fstat(self, &status), "fstat");
  for (off_t done = 0; done < status.st_size;) {
    checked(::sendfile(copy.get(), self, &done, static_cast<size_t>(status.st_size - done)), "cannot copy the agent");
  }
}

}  // namespace

void bootSystem(Stages& stages) {
  mountKernelFileSystems();
  occupyStandardStreams();
  logTo(LogTarget::kernel);
  const Fd self(checked(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC), "cannot open the agent"));
  switchRoot(awaitScsiDisk(systemImageLun, systemImageLimit));
  stages.reached("systemImage");
  mountRuntime();
  copySelf(self.get());
  for (const char* directory : {paths::bundles, paths::crunState, paths::networkNamespaces}) makeDirectories(directory);
  bringUpLoopback();
  applyLimits();
  stages.reached("systemReady");
}

}  // namespace tswsl
