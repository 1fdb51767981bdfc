#pragma once

#include <functional>
#include <memory>

#include "base/fd.h"
#include "base/loop.h"
#include "process/reaper.h"

namespace tswsl {

/** Where the host connects to serve its files: FILES_PORT of the contract. One connection at a time. */
class FilesPort {
 public:
  virtual ~FilesPort() = default;
  /**
   * The descriptor on which the kernel is to speak 9P with the host that is connected now; nobody else may use it. Ours
   * to close once the kernel has it. Throws Failure `unavailable` when no host is connected.
   */
  virtual Fd connect() = 0;
  /** Ends the connection: whoever waits for the host gets EIO. Then calls back, at once when there was none. */
  virtual void cut(std::function<void()> done) = 0;
};

/** The virtio-serial port for this: the kernel takes it as it is, or through a relay. Null when it is not there. */
std::unique_ptr<FilesPort> openVirtioFilesPort(Loop& loop, Reaper& reaper);

/**
 * A virtio-serial port, kept open, of a kernel without our patch: a process of our own carries its bytes. The descriptor
 * is a blocking one.
 */
std::unique_ptr<FilesPort> makeRelayedFilesPort(Loop& loop, Reaper& reaper, Fd port);

/** Any non-blocking listener for stream sockets; on Hyper-V one for HvSocket. */
std::unique_ptr<FilesPort> makeListeningFilesPort(Loop& loop, Fd listener);

/** The port of this machine; null when it has none (yet). Throws Failure. */
std::unique_ptr<FilesPort> findFilesPort(Loop& loop, Reaper& reaper);

}  // namespace tswsl
