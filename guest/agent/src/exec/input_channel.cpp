#include "exec/input_channel.h"

#include <sys/epoll.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

#include "base/failure.h"

namespace tswsl {
namespace {

/** Credit goes back in pieces of this size: a quarter of the whole, so a fast sender never waits. */
constexpr uint32_t returnBatch = frames::initialCredit / 4;

}  // namespace

void InputChannel::attach(Fd fd, bool terminal) {
  fd_ = std::move(fd);
  terminal_ = terminal;
  flush();
}

void InputChannel::push(std::string bytes) {
  if (ended_) throw Failure(Code::protocol, "stdin after its end");
  if (bytes.size() > credit_) throw Failure(Code::protocol, "stdin exceeds its credit");
  // Within the credit, and so within 32 bits.
  credit_ -= static_cast<uint32_t>(bytes.size());
  if (discarding_) return consumed(bytes.size());
  queue_.push_back(std::move(bytes));
  if (!watch_) flush();
}

void InputChannel::end() {
  if (ended_) throw Failure(Code::protocol, "stdin ended twice");
  ended_ = true;
  if (!watch_) flush();
}

void InputChannel::hangUp() {
  watch_.reset();
  fd_.reset();
  queue_.clear();
  offset_ = 0;
  discarding_ = true;
}

void InputChannel::flush() {
  if (!fd_) return;
  while (!queue_.empty()) {
    const std::string& front = queue_.front();
    const ssize_t count = ::write(fd_.get(), front.data() + offset_, front.size() - offset_);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return watchForRoom();
    if (count < 0) return discard();
    // write(2) never returns more than it was given.
    offset_ += static_cast<size_t>(count);
    if (offset_ == front.size()) {
      queue_.pop_front();
      offset_ = 0;
    }
    consumed(static_cast<size_t>(count));
    // Returning credit may have shown that the peer is gone.
    if (!fd_) return;
  }
  watch_.reset();
  if (ended_) finish();
}

void InputChannel::watchForRoom() {
  if (!watch_) watch_ = loop_.watch(fd_.get(), EPOLLOUT, [this](uint32_t) { flush(); });
}

void InputChannel::consumed(size_t bytes) {
  // At most the credit, which is 32 bits.
  owed_ += static_cast<uint32_t>(bytes);
  if (owed_ < returnBatch || ended_) return;
  credit_ += owed_;
  sink_.sendFrame(frames::encodeWindow(frames::Type::standardInput, owed_));
  owed_ = 0;
}

void InputChannel::discard() {
  size_t left = 0;
  for (const auto& bytes : queue_) left += bytes.size();
  left -= offset_;
  hangUp();
  consumed(left);
}

void InputChannel::finish() {
  termios settings{};
  const bool canonical = terminal_ && ::tcgetattr(fd_.get(), &settings) == 0 && (settings.c_lflag & ICANON) != 0;
  if (canonical) {
    // A terminal has no end of file: one types it. A program in raw mode reads keys, and gets none.
    const auto key = static_cast<char>(settings.c_cc[VEOF]);
    const ssize_t ignored = ::write(fd_.get(), &key, 1);
    static_cast<void>(ignored);
  }
  hangUp();
}

}  // namespace tswsl
