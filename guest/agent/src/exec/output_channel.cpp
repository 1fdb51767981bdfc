#include "exec/output_channel.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

#include "base/failure.h"

namespace tswsl {
namespace {

/** What a pipe or a terminal can hold at its command's exit: pipes are made with 256 KiB, a terminal holds less. */
constexpr size_t maxAfterExit = 1024 * 1024;
/** Frames read before others get their turn. */
constexpr int readsPerTurn = 8;

}  // namespace

OutputChannel::OutputChannel(Loop& loop, ChannelSink& sink, Kind kind, Fd fd)
    : loop_(loop), sink_(sink), kind_(std::move(kind)), fd_(std::move(fd)) {
  watchForBytes();
}

void OutputChannel::grant(uint32_t bytes) {
  if (credit_ + bytes > std::numeric_limits<uint32_t>::max()) throw Failure(Code::protocol, "credit overflow");
  credit_ += bytes;
  resume();
}

void OutputChannel::resume() {
  if (ended_ || blocked()) return;
  if (left_) pump();
  else watchForBytes();
}

void OutputChannel::finish() {
  left_ = maxAfterExit;
  pump();
}

void OutputChannel::hangUp() {
  watch_.reset();
  fd_.reset();
  ended_ = true;
}

bool OutputChannel::blocked() const { return kind_.carries && (credit_ == 0 || !sink_.roomy()); }

void OutputChannel::watchForBytes() {
  if (!watch_ && !ended_) watch_ = loop_.watch(fd_.get(), EPOLLIN, [this](uint32_t) { pump(); });
}

void OutputChannel::pump() {
  for (int i = 0; left_ || i < readsPerTurn; ++i) {
    if (ended_) return;
    // A closed pipe reports itself for ever: without the right to read it must not be watched.
    if (blocked()) return watch_.reset();
    if (!takeOnce()) return;
  }
}

/** One read and one frame. False when there is nothing more now. */
bool OutputChannel::takeOnce() {
  static std::array<char, frames::maxDataBytes> buffer;
  size_t wanted = buffer.size();
  if (kind_.carries) wanted = std::min<size_t>(wanted, credit_);
  if (left_) wanted = std::min(wanted, *left_);
  const ssize_t count = wanted == 0 ? 0 : ::read(fd_.get(), buffer.data(), wanted);
  if (count < 0 && errno == EINTR) return true;
  if (count < 0 && errno == EAGAIN && !left_) return false;
  // 0 is a pipe's end, EIO a terminal's.
  if (count <= 0) {
    end();
    return false;
  }
  const auto taken = static_cast<size_t>(count);
  if (left_) *left_ -= taken;
  if (kind_.carries) {
    credit_ -= taken;
    sink_.sendFrame(frames::encode(*kind_.carries, {buffer.data(), taken}));
  }
  return true;
}

void OutputChannel::end() {
  hangUp();
  for (const auto type : kind_.ends) sink_.sendFrame(frames::encode(type));
  sink_.outputEnded();
}

}  // namespace tswsl
