#include "files/relay.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "base/fd.h"
#include "harness.h"

using namespace tswsl;

namespace {

std::string message(char type, const std::string& body = "") {
  const size_t size = 7 + body.size();
  std::string text;
  for (int shift = 0; shift < 32; shift += 8) text += static_cast<char>(size >> shift & 0xff);
  return text + type + std::string("\1\0", 2) + body;
}

constexpr char other = 117;

/** A relay in its process, with sockets for the port and for the kernel. */
struct Relay {
  Relay() {
    int port[2];
    int kernel[2];
    CHECK_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, port), 0);
    CHECK_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, kernel), 0);
    host = Fd(port[0]);
    client = Fd(kernel[0]);
    pid = ::fork();
    if (pid == 0) {
      ::close(port[0]);
      ::close(kernel[0]);
      ::_exit(runRelay(port[1], kernel[1]));
    }
    ::close(port[1]);
    ::close(kernel[1]);
  }
  ~Relay() {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
  void say(const std::string& bytes) const {
    CHECK_EQ(::write(host.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  /** So many bytes that arrive at `end`, or what comes before its end. */
  static std::string hear(const Fd& end, size_t size) {
    std::string text(size, '\0');
    const ssize_t count = ::recv(end.get(), text.data(), size, MSG_WAITALL);
    text.resize(count < 0 ? 0 : static_cast<size_t>(count));
    return text;
  }

  Fd host;
  Fd client;
  pid_t pid = -1;
};

}  // namespace

TEST("relay: bytes of the kernel go on as they are") {
  const Relay relay;
  const std::string bytes(100'000, 'x');
  CHECK_EQ(::write(relay.client.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  CHECK(Relay::hear(relay.host, bytes.size()) == bytes);
}

TEST("relay: the host's messages go on whole") {
  const Relay relay;
  const std::string large = message(other, std::string(700'000, 'y'));
  relay.say(message(other, "first") + message(other, "second") + message(other, "third").substr(0, 9));
  const std::string expected = message(other, "first") + message(other, "second");
  CHECK_EQ(Relay::hear(relay.client, expected.size()), expected);
  char early = 0;
  CHECK_EQ(::recv(relay.client.get(), &early, 1, MSG_DONTWAIT), -1);
  relay.say(message(other, "third").substr(9));
  CHECK_EQ(Relay::hear(relay.client, message(other, "third").size()), message(other, "third"));
  relay.say(large.substr(0, 5));
  relay.say(large.substr(5, 100'000));
  relay.say(large.substr(100'005, 50'000));
  for (size_t at = 150'005; at < large.size(); at += 50'000) relay.say(large.substr(at, 50'000));
  CHECK(Relay::hear(relay.client, large.size()) == large);
}

TEST("relay: it ends with either side, and with what is no message") {
  {
    Relay relay;
    relay.host.reset();
    CHECK_EQ(Relay::hear(relay.client, 1), "");
  }
  {
    Relay relay;
    relay.client.reset();
    CHECK_EQ(Relay::hear(relay.host, 1), "");
  }
  const Relay relay;
  relay.say(std::string(7, '\xff'));
  CHECK_EQ(Relay::hear(relay.client, 1), "");
}
