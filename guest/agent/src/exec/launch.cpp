#include "exec/launch.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <charconv>
#include <memory>

#include "base/json.h"
#include "exec/descriptor_passing.h"
#include "exec/enter_distro.h"
#include "exec/pipes.h"
#include "process/fork_child.h"

namespace tswsl {
namespace {

/**
 * The descriptor comes from inside the distro, whose /dev/ptmx may be anything. Only a real master is used: major 5,
 * minor 2 (Documentation/admin-guide/devices.txt).
 */
bool isTerminalMaster(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && S_ISCHR(status.st_mode) && status.st_rdev == makedev(5, 2);
}

struct Launching {
  Fd socket;
  Loop::Watch watch;
  Launched launched;
  bool needsTerminal = false;
  std::optional<Failure> failure;
  LaunchDone done;

  void onMessage(Message& message) {
    if (message.text.front() == reports::pid) {
      std::from_chars(message.text.data() + 1, message.text.data() + message.text.size(), launched.pid);
    } else if (message.text.front() == reports::terminal && message.fd && isTerminalMaster(message.fd.get())) {
      launched.terminal = std::move(message.fd);
      ::fcntl(launched.terminal.get(), F_SETFL, O_RDWR | O_NONBLOCK);
    } else if (message.text.front() == reports::failure) {
      failure = fromWire(parseJson(std::string_view(message.text).substr(1)).value_or(Json()));
    }
  }

  void read() {
    while (auto message = receiveMessage(socket.get())) {
      if (message->text.empty()) return finish();
      onMessage(*message);
    }
  }

  /** Every process that could report has become the command, or has died. */
  void finish() {
    watch.reset();
    const bool noTerminal = needsTerminal && !launched.terminal;
    if (!failure && launched.pid < 0) failure = Failure(Code::internal, "the distribution cannot be entered");
    if (!failure && noTerminal) failure = Failure(Code::invalidState, "the distribution's /dev/ptmx is not a terminal");
    if (failure && launched.pid > 0) ::kill(launched.pid, SIGKILL);
    if (failure) return done(*failure);
    done(std::move(launched));
  }
};

}  // namespace

void launchCommand(Loop& loop, const ExecRequest& request, const Destination& destination, LaunchDone done) {
  const auto launching = std::make_shared<Launching>();
  launching->done = std::move(done);
  launching->needsTerminal = request.channels.anyTerminal();
  const ChildEnds ends = makePipes(request.channels, launching->launched);
  int sockets[2];
  checked(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), "cannot make a socket pair");
  launching->socket = Fd(sockets[0]);
  const Fd theirs(sockets[1]);
  // The numbers after forkChild; a channel on the terminal leaves its place to the report socket's copy, unused.
  const auto orSocket = [&](const Fd& fd) { return fd ? fd.get() : theirs.get(); };
  const std::vector<int> keep = {theirs.get(), destination.initPidfd, orSocket(ends.input), orSocket(ends.output),
                                 orSocket(ends.error)};
  forkChild(keep, [&] { return enterDistro(request); }, destination.cgroups);
  launching->watch = loop.watch(launching->socket.get(), EPOLLIN, [launching](uint32_t) {
    // A copy: finishing drops the watch, which holds the other reference.
    const auto keepAlive = launching;
    keepAlive->read();
  });
}

Launched launchHelper(const std::function<int()>& body) {
  Launched launched;
  const ChildEnds ends = makePipes({}, launched);
  launched.pid = forkChild({ends.input.get(), ends.output.get(), ends.error.get()}, [&] {
    ::setsid();
    for (int i = 0; i < 3; ++i) ::dup2(3 + i, i);
    return body();
  });
  return launched;
}

}  // namespace tswsl
