#include "files/relay.h"

#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <thread>

#include "base/files.h"

namespace tswsl {
namespace {

/** A message of the largest size that the mount agrees on, and more. */
constexpr size_t bufferBytes = 1024 * 1024;
/** size[4] of a 9P message, little endian, counts itself. */
constexpr size_t sizeBytes = 4;

ssize_t readSome(int fd, char* into, size_t room) {
  for (;;) {
    const ssize_t count = ::read(fd, into, room);
    if (count >= 0 || errno != EINTR) return count;
  }
}

bool writeWhole(int fd, const char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t count = ::write(fd, bytes, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes += count;
    // write(2) never returns more than it was given.
    size -= static_cast<size_t>(count);
  }
  return true;
}

/** size[4] type[1] tag[2]: what a message has at least. */
constexpr size_t headerBytes = 7;

uint32_t sizeOf(const char* message) {
  uint32_t size = 0;
  for (size_t i = sizeBytes; i-- > 0;) size = size << 8 | static_cast<unsigned char>(message[i]);
  return size;
}

/** What the host sends, taken apart into messages. */
class Answers {
 public:
  char* room() { return buffer_.get() + have_; }
  size_t roomBytes() const { return bufferBytes - have_; }
  void took(size_t bytes) { have_ += bytes; }

  /** Writes the whole messages that are there. False when that failed, or when they are none. */
  bool pass(int socket) {
    size_t at = 0;
    while (have_ - at >= headerBytes) {
      const size_t size = sizeOf(buffer_.get() + at);
      if (size < headerBytes || size > bufferBytes) return false;
      if (have_ - at < size) break;
      at += size;
    }
    if (!writeWhole(socket, buffer_.get(), at)) return false;
    have_ -= at;
    std::memmove(buffer_.get(), buffer_.get() + at, have_);
    return true;
  }

 private:
  const std::unique_ptr<char[]> buffer_ = std::make_unique<char[]>(bufferBytes);
  size_t have_ = 0;
};

/**
 * A port gives at most a page at a time. The kernel is given whole messages: it would wake for each piece, and a switch
 * between processes is what costs under emulation.
 */
void toKernel(int port, int socket) {
  Answers answers;
  for (;;) {
    const ssize_t count = readSome(port, answers.room(), answers.roomBytes());
    // 0: the host has closed its end.
    if (count <= 0) return;
    answers.took(static_cast<size_t>(count));
    if (!answers.pass(socket)) return;
  }
}

void toHost(int port, int socket) {
  const auto buffer = std::make_unique<char[]>(bufferBytes);
  for (;;) {
    const ssize_t count = readSome(socket, buffer.get(), bufferBytes);
    if (count <= 0 || !writeWhole(port, buffer.get(), static_cast<size_t>(count))) return;
  }
}

/** Whoever waits for the host's files waits for us first. */
void hurry() {
  const sched_param priority{1};
  ::sched_setscheduler(0, SCHED_FIFO, &priority);
  poke("/proc/self/oom_score_adj", "-1000");
}

}  // namespace

int runRelay(int port, int socket) {
  hurry();
  std::thread([=] {
    toHost(port, socket);
    ::_exit(0);
  }).detach();
  toKernel(port, socket);
  return 0;
}

}  // namespace tswsl
