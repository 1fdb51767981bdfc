#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include <array>
#include <utility>
#include <vector>

#include "base/failure.h"
#include "files/files_port.h"
#include "files/relay.h"
#include "process/fork_child.h"

namespace tswsl {
namespace {

/** A few messages may wait in each direction. */
constexpr int socketBytes = 1024 * 1024;
/** What a port and its queue can hold is far less. */
constexpr int maxStaleReads = 4096;

class RelayedFilesPort : public FilesPort {
 public:
  RelayedFilesPort(Loop& loop, Reaper& reaper, Fd port) : loop_(loop), reaper_(reaper), port_(std::move(port)) {}

  Fd connect() override {
    dropStale();
    int ends[2];
    checked(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "cannot make a socket pair");
    Fd kernels(ends[0]);
    const Fd ours(ends[1]);
    for (const int end : ends) {
      ::setsockopt(end, SOL_SOCKET, SO_SNDBUFFORCE, &socketBytes, sizeof socketBytes);
    }
    relay_ = forkChild({port_.get(), ours.get()}, [] { return runRelay(3, 4); });
    reaper_.onExit(relay_, [this](ExitStatus) {
      relay_ = -1;
      for (const auto& done : std::exchange(ended_, {})) done();
    });
    return kernels;
  }

  void cut(std::function<void()> done) override {
    if (relay_ < 0) return loop_.post(std::move(done));
    ended_.push_back(std::move(done));
    ::kill(relay_, SIGKILL);
  }

 private:
  /** What was on its way to a client that is gone. Throws Failure when there is no host. */
  void dropStale() {
    std::array<char, 4096> buffer;
    for (int i = 0; i < maxStaleReads; ++i) {
      pollfd state{port_.get(), POLLIN, 0};
      ::poll(&state, 1, 0);
      if ((state.revents & POLLHUP) != 0) break;
      if ((state.revents & POLLIN) == 0) return;
      if (::read(port_.get(), buffer.data(), buffer.size()) <= 0) break;
    }
    throw Failure(Code::unavailable, "the host does not serve its files");
  }

  Loop& loop_;
  Reaper& reaper_;
  Fd port_;
  pid_t relay_ = -1;
  /** Who waits for the relay's end. */
  std::vector<std::function<void()>> ended_;
};

}  // namespace

std::unique_ptr<FilesPort> makeRelayedFilesPort(Loop& loop, Reaper& reaper, Fd port) {
  return std::make_unique<RelayedFilesPort>(loop, reaper, std::move(port));
}

}  // namespace tswsl
