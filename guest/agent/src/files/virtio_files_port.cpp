#include <fcntl.h>
#include <poll.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/failure.h"
#include "files/files_port.h"
#include "link/service_port.h"
#include "link/virtio_port.h"

namespace tswsl {
namespace {

/** By our kernel's patch, opened so it is one connection: the next one that is opened, or the host's leaving, ends it. */
Fd openConnection(const std::string& device) {
  return Fd(::open(device.c_str(), O_RDWR | O_EXCL | O_NONBLOCK | O_CLOEXEC));
}

class VirtioFilesPort : public FilesPort {
 public:
  VirtioFilesPort(Loop& loop, std::string device, Fd port)
      : loop_(loop), device_(std::move(device)), port_(std::move(port)) {}

  Fd connect() override {
    renew();
    pollfd state{port_.get(), POLLIN, 0};
    ::poll(&state, 1, 0);
    if ((state.revents & POLLHUP) != 0) throw Failure(Code::unavailable, "the host does not serve its files");
    return Fd(checked(::fcntl(port_.get(), F_DUPFD_CLOEXEC, 0), "cannot share the port"));
  }

  void cut(std::function<void()> done) override {
    try {
      renew();
    } catch (const Failure&) {
      // The port is gone, and every connection with it.
    }
    loop_.post(std::move(done));
  }

 private:
  /** Whoever waits on the connection before gets EIO. */
  void renew() {
    Fd next = openConnection(device_);
    if (!next) {
      throw Failure(Code::unavailable, std::string("the port for the host's files: ") + std::strerror(errno), {}, errno);
    }
    port_ = std::move(next);
  }

  Loop& loop_;
  std::string device_;
  /** Always open, also before there is a host: a port that was closed when a VM was saved loses bytes when restored. */
  Fd port_;
};

}  // namespace

std::unique_ptr<FilesPort> openVirtioFilesPort(Loop& loop, Reaper& reaper) {
  const auto device = findVirtioPort(filesPort.service);
  if (!device) return nullptr;
  Fd port = openConnection(*device);
  if (!port) return nullptr;
  if (Fd next = openConnection(*device)) return std::make_unique<VirtioFilesPort>(loop, *device, std::move(next));
  // One connection does not follow another: a kernel whose source the patch did not fit.
  if (::fcntl(port.get(), F_SETFL, O_RDWR) != 0) return nullptr;
  return makeRelayedFilesPort(loop, reaper, std::move(port));
}

}  // namespace tswsl
