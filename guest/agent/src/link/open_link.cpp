#include "link/open_link.h"

#include <chrono>

#include "base/clock.h"
#include "base/failure.h"
#include "base/files.h"
#include "link/service_port.h"
#include "link/virtio_link.h"
#include "link/virtio_port.h"
#include "link/vsock_link.h"

namespace tswsl {
namespace {

constexpr std::chrono::seconds deviceLimit{10};

}  // namespace

bool onHyperV() { return !listDirectory("/sys/bus/vmbus/devices").empty(); }

std::unique_ptr<Link> openLink(Loop& loop, const LinkEvents& events) {
  std::optional<std::string> device;
  const bool found = waitUntil(
      [&] {
        device = findVirtioPort(agentPort.service);
        return (device && pathExists(*device)) || onHyperV();
      },
      deviceLimit, std::chrono::milliseconds(2));
  if (!found) throw Failure(Code::timeout, "no link to the host: neither a virtio-serial port nor HvSocket");
  if (device) return makeVirtioLink(loop, *device, events);
  return makeVsockLink(loop, agentPort.number, events);
}

}  // namespace tswsl
