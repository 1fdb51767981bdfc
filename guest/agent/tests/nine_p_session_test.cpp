#include "files/nine_p_session.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "base/failure.h"
#include "base/fd.h"
#include "harness.h"

using namespace tswsl;
using namespace std::chrono_literals;

namespace {

constexpr char versionAnswer = 101;
constexpr char other = 117;
constexpr size_t requestBytes = 21;
/** size[4] type[1] tag[2]. */
constexpr size_t headerBytes = 7;
constexpr size_t msizeBytes = 4;

std::string message(char type, const std::string& body = "") {
  const size_t size = headerBytes + body.size();
  std::string text;
  for (int shift = 0; shift < 32; shift += 8) text += static_cast<char>(size >> shift & 0xff);
  return text + type + std::string("\xff\xff", 2) + body;
}

/** A connection whose host has said `before`, answers the request with `answer` of its msize, and leaves if it is to. */
struct Host {
  explicit Host(const std::string& before) {
    int ends[2];
    CHECK_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    host = Fd(ends[0]);
    client = Fd(ends[1]);
    const int room = 1024 * 1024;
    CHECK_EQ(::setsockopt(host.get(), SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room), 0);
    say(before);
  }
  void say(const std::string& bytes) const {
    CHECK_EQ(::write(host.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  std::string hear(size_t size) const {
    std::string text(size, '\0');
    const ssize_t count = ::recv(host.get(), text.data(), size, MSG_WAITALL);
    text.resize(count < 0 ? 0 : static_cast<size_t>(count));
    return text;
  }
  /** In a process of its own, since we wait for it. */
  pid_t answerOnce(const std::string& after) const {
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
    const std::string request = hear(requestBytes);
    const std::string version = request.substr(headerBytes, msizeBytes) + std::string("\x08\x00", 2) + "9P2000.L";
    say(message(versionAnswer, version) + after);
    ::_exit(0);
  }
  std::string why(std::chrono::milliseconds limit) const {
    const Failure failure = test::thrown<Failure>([&] { beginNinePSession(client.get(), limit); });
    CHECK(failure.code == Code::unavailable);
    return failure.what();
  }

  Fd host;
  Fd client;
};

}  // namespace

TEST("9P session: it begins with the answer to its own request, past what was for an earlier client") {
  const std::string stale = std::string("\0\0\2\0", 4) + std::string("\x08\x00", 2) + "9P2000.L";
  const Host host(message(other, "stale") + message(versionAnswer, stale) + message(other, std::string(300'000, 'y')));
  const pid_t answering = host.answerOnce("next");
  beginNinePSession(host.client.get(), 10s);
  std::string next(4, '\0');
  CHECK_EQ(::recv(host.client.get(), next.data(), next.size(), MSG_WAITALL), 4);
  CHECK_EQ(next, "next");
  CHECK_EQ(::waitpid(answering, nullptr, 0), answering);
}

TEST("9P session: a host that is silent, leaves, or speaks something else is told of") {
  CHECK_EQ(Host("").why(20ms), "the host that serves its files does not answer");
  CHECK_EQ(Host(std::string(headerBytes, '\xff')).why(10s), "the host that serves its files does not speak 9P");
  CHECK_EQ(Host(std::string(headerBytes, '\0')).why(10s), "the host that serves its files does not speak 9P");
  Host gone(message(other, "stale").substr(0, 9));
  CHECK_EQ(::shutdown(gone.host.get(), SHUT_WR), 0);
  CHECK_EQ(gone.why(10s), "the host does not serve its files any more");
}
