#include "link/virtio_link.h"

#include <fcntl.h>

#include "base/failure.h"

namespace tswsl {
namespace {

class VirtioLink : public Link {
 public:
  VirtioLink(Loop& loop, const std::string& device, const LinkEvents& events)
      : events_(events),
        connection_(loop, Fd(checked(::open(device.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC), "cannot open " + device)),
                    {events, [this] { onHungUp(); }, [this] { onUsable(); }}) {}

 private:
  void onUsable() {
    if (connected_) return;
    connected_ = true;
    connection_.forget();
    events_.opened(connection_);
  }

  void onHungUp() {
    if (!connected_) return;
    connected_ = false;
    events_.closed();
    connection_.forget();
  }

  LinkEvents events_;
  bool connected_ = false;
  FdConnection connection_;
};

}  // namespace

std::unique_ptr<Link> makeVirtioLink(Loop& loop, const std::string& device, LinkEvents events) {
  return std::make_unique<VirtioLink>(loop, device, events);
}

}  // namespace tswsl
