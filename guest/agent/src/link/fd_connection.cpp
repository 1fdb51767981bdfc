#include "link/fd_connection.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace tswsl {
namespace {

/** So much is read before other descriptors get their turn. */
constexpr int readsPerTurn = 8;
/** With so much unsent the host is not reading: then neither do we, or its pings would fill our memory. */
constexpr size_t maxBacklog = 1024 * 1024;

}  // namespace

FdConnection::FdConnection(Loop& loop, Fd fd, Owner owner) : loop_(loop), fd_(std::move(fd)), owner_(std::move(owner)) {
  watch_ =
      loop_.watch(fd_.get(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, [this](uint32_t events) { onEvent(events); });
}

void FdConnection::send(std::string bytes) {
  if (abandoned_) return;
  outbox_.push(std::move(bytes));
  if (flushPosted_) return;
  flushPosted_ = true;
  loop_.post([this, alive = alive_] {
    if (!*alive) return;
    flushPosted_ = false;
    flush();
  });
}

void FdConnection::forget() {
  outbox_.clear();
  abandoned_ = false;
}

void FdConnection::onEvent(uint32_t events) {
  const auto alive = alive_;
  if ((events & EPOLLHUP) == 0) owner_.usable();
  if (*alive) flush();
  if (*alive) readAll();
}

void FdConnection::flush() {
  if (outbox_.size() == 0) return;
  const bool wasBlocked = outbox_.size() > maxBacklog;
  // A broken descriptor also ends reading, which is where that is dealt with.
  if (!outbox_.flush(fd_.get())) outbox_.clear();
  // A socket's host learns from the end of file that it is over; a virtio port's host has only the GoAway.
  if (abandoned_ && outbox_.size() == 0) ::shutdown(fd_.get(), SHUT_WR);
  const auto alive = alive_;
  owner_.events.drained();
  if (*alive && wasBlocked) readAll();
}

void FdConnection::readAll() {
  static std::array<char, 64 * 1024> buffer;
  const auto alive = alive_;
  for (int i = 0; i < readsPerTurn; ++i) {
    if (outbox_.size() > maxBacklog && !abandoned_) return;
    const ssize_t count = ::read(fd_.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EAGAIN) return;
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return owner_.hungUp();
    if (!abandoned_) owner_.events.received({buffer.data(), static_cast<size_t>(count)});
    if (!*alive) return;
  }
  if (readPosted_) return;
  readPosted_ = true;
  loop_.post([this, alive] {
    if (!*alive) return;
    readPosted_ = false;
    readAll();
  });
}

}  // namespace tswsl
