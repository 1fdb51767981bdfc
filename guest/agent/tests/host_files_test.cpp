#include "files/host_files.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "environment.h"
#include "harness.h"
#include "test_host.h"

using namespace tswsl;

namespace {

/** A listener without a name (unix(7), autobind), and who connects to it. */
struct Listening {
  Listening() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    // The sockets API takes every address family as a sockaddr.
    CHECK_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof(sa_family_t)), 0);
    CHECK_EQ(::listen(listener.get(), 5), 0);
  }
  Fd connect() const {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    // As above.
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    CHECK_EQ(::getsockname(listener.get(), generic, &size), 0);
    Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    CHECK_EQ(::connect(socket.get(), generic, size), 0);
    return socket;
  }
  Fd listener{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
};

/** A port whose host is connected and never answers. */
struct SilentPort : FilesPort {
  SilentPort(Loop& eventLoop, int& count) : loop(eventLoop), cuts(count) {}
  Fd connect() override {
    int ends[2];
    CHECK_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    host = Fd(ends[1]);
    return Fd(ends[0]);
  }
  void cut(std::function<void()> done) override {
    ++cuts;
    host.reset();
    loop.post(std::move(done));
  }
  Loop& loop;
  int& cuts;
  Fd host;
};

}  // namespace

TEST("host files: a listening port gives the latest connection, and ends it") {
  Loop loop;
  Listening listening;
  const auto port = makeListeningFilesPort(loop, Fd(::fcntl(listening.listener.get(), F_DUPFD_CLOEXEC, 0)));
  CHECK(test::thrown<Failure>([&] { port->connect(); }).code == Code::unavailable);
  const Fd old = listening.connect();
  const Fd present = listening.connect();
  Fd kernels = port->connect();
  CHECK_EQ(::write(present.get(), "x", 1), 1);
  char byte = 0;
  CHECK_EQ(::read(kernels.get(), &byte, 1), 1);
  CHECK_EQ(::read(old.get(), &byte, 1), 0);
  bool cut = false;
  port->cut([&] { cut = true; });
  loop.turn(0);
  CHECK(cut);
  // The kernel's own descriptor is still open: it is the connection that ends.
  CHECK_EQ(::read(kernels.get(), &byte, 1), 0);
  CHECK(test::thrown<Failure>([&] { port->connect(); }).code == Code::unavailable);
}

TEST("host files: a port that appears late is found, a host that does not serve is given up") {
  environment::require();
  TestHost host;
  int cuts = 0;
  int looks = 0;
  Services& services = host.agent().services();
  services.hostFiles.open([&]() -> std::unique_ptr<FilesPort> {
    if (++looks < 3) return nullptr;
    return std::make_unique<SilentPort>(services.loop, cuts);
  });
  CHECK_EQ(host.callFailing("files.mount", Json::object())["data"]["code"], "unavailable");
  host.until([&] { return looks == 3; }, "the port");
  CHECK_EQ(host.callFailing("files.mount", Json::object())["data"]["code"], "unavailable");
  // Once for what there was before, once because it could not be mounted.
  CHECK(cuts >= 2);
}
