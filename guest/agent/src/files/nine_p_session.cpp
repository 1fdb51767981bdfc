#include "files/nine_p_session.h"

#include <poll.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <string>

#include "base/failure.h"

namespace tswsl {
namespace {

using Clock = std::chrono::steady_clock;

/** size[4] type[1] tag[2]. */
constexpr size_t headerBytes = 7;
constexpr char versionAnswer = 101;
/** Of an earlier client's answers, the largest message that the mount agrees on, and more. */
constexpr uint32_t mostBytes = 1024 * 1024;

constexpr const char* gone = "the host does not serve its files any more";

[[noreturn]] void fail(const char* why) { throw Failure(Code::unavailable, why); }

std::string number(uint32_t value) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift & 0xff);
  return bytes;
}

uint32_t numberAt(const char* bytes) {
  uint32_t value = 0;
  for (size_t i = sizeof value; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

/** size[4] Tversion tag[2] msize[4] version[s]. */
std::string versionRequest(uint32_t msize) {
  const std::string rest = std::string("\x64\xff\xff", 3) + number(msize) + std::string("\x08\x00", 2) + "9P2000.L";
  return number(static_cast<uint32_t>(4 + rest.size())) + rest;
}

class Connection {
 public:
  Connection(int fd, std::chrono::milliseconds limit) : fd_(fd), end_(Clock::now() + limit) {}

  void write(const std::string& bytes) {
    await(POLLOUT);
    // A connection that is new has room for so little.
    if (::write(fd_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) fail(gone);
  }

  void read(char* into, size_t size) {
    while (size > 0) {
      await(POLLIN);
      const ssize_t count = ::read(fd_, into, size);
      if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      if (count <= 0) fail(gone);
      into += count;
      // read(2) never returns more than it was given room for.
      size -= static_cast<size_t>(count);
    }
  }

 private:
  void await(short event) const {
    for (;;) {
      const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(end_ - Clock::now()).count();
      if (rest <= 0) fail("the host that serves its files does not answer");
      pollfd state{fd_, event, 0};
      ::poll(&state, 1, static_cast<int>(rest));
      if ((state.revents & event) != 0) return;
      if ((state.revents & (POLLHUP | POLLERR)) != 0) fail("the host does not serve its files");
    }
  }

  int fd_;
  Clock::time_point end_;
};

}  // namespace

void beginNinePSession(int fd, std::chrono::milliseconds limit) {
  Connection connection(fd, limit);
  uint16_t chance = 0;
  static_cast<void>(::getrandom(&chance, sizeof chance, 0));
  // Between 64 and 128 KiB: the answer to this request has the size that nobody else has asked for.
  const uint32_t msize = 0x1'0000U + chance;
  connection.write(versionRequest(msize));
  std::array<char, 4096> buffer;
  for (bool ours = false; !ours;) {
    connection.read(buffer.data(), headerBytes);
    const uint32_t size = numberAt(buffer.data());
    if (size < headerBytes || size > mostBytes) fail("the host that serves its files does not speak 9P");
    const bool version = buffer[4] == versionAnswer && size >= headerBytes + sizeof msize;
    for (size_t rest = size - headerBytes, first = rest; rest > 0;) {
      const size_t part = std::min(rest, buffer.size());
      connection.read(buffer.data(), part);
      if (rest == first) ours = version && numberAt(buffer.data()) == msize;
      rest -= part;
    }
  }
}

}  // namespace tswsl
