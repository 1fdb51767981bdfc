#include "link/vsock_link.h"

#include <linux/vm_sockets.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <utility>

#include "base/failure.h"

namespace tswsl {
namespace {

class ListeningLink : public Link {
 public:
  ListeningLink(Loop& loop, Fd listener, LinkEvents events)
      : loop_(loop), events_(std::move(events)), listener_(std::move(listener)) {
    listen();
  }

 private:
  void listen() {
    watch_ = loop_.watch(listener_.get(), EPOLLIN, [this](uint32_t) { accept(); });
  }

  void accept() {
    Fd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket) return;
    if (connection_) return;
    watch_.reset();
    opened_ = false;
    connection_ = std::make_unique<FdConnection>(
        loop_, std::move(socket), FdConnection::Owner{events_, [this] { onHungUp(); }, [this] { onUsable(); }});
  }

  void onUsable() {
    if (std::exchange(opened_, true)) return;
    events_.opened(*connection_);
  }

  void onHungUp() {
    if (std::exchange(opened_, false)) events_.closed();
    // The connection is what calls us: it is destroyed once it has returned.
    loop_.post([this, finished = std::shared_ptr<FdConnection>(std::move(connection_))]() mutable {
      finished.reset();
      listen();
    });
  }

  Loop& loop_;
  LinkEvents events_;
  Fd listener_;
  Loop::Watch watch_;
  std::unique_ptr<FdConnection> connection_;
  bool opened_ = false;
};

}  // namespace

std::unique_ptr<Link> makeListeningLink(Loop& loop, Fd listener, LinkEvents events) {
  return std::make_unique<ListeningLink>(loop, std::move(listener), std::move(events));
}

Fd listenVsock(unsigned port) {
  Fd listener(checked(::socket(AF_VSOCK, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "cannot make a vsock"));
  sockaddr_vm address{};
  address.svm_family = AF_VSOCK;
  address.svm_cid = VMADDR_CID_ANY;
  address.svm_port = port;
  // The sockets API takes every address family as a sockaddr.
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  checked(::bind(listener.get(), generic, sizeof address), "cannot bind the vsock");
  checked(::listen(listener.get(), 1), "cannot listen on the vsock");
  return listener;
}

std::unique_ptr<Link> makeVsockLink(Loop& loop, unsigned port, LinkEvents events) {
  return makeListeningLink(loop, listenVsock(port), std::move(events));
}

}  // namespace tswsl
