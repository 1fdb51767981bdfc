#include "process/job.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <string>

#include "base/files.h"
#include "process/fork_child.h"

namespace tswsl {
namespace {

/** Above it a result is refused: four files of distro.inspect, escaped, fit. */
constexpr size_t maxResult = 8 * 1024 * 1024;

constexpr int resultFd = 3;

int runInChild(const Jobs::Work& work) {
  Json message;
  try {
    message["result"] = work();
  } catch (const Failure& failure) {
    message = {{"error", toWire(failure)}};
  } catch (const std::exception& error) {
    message = {{"error", toWire(Failure(Code::internal, error.what()))}};
  }
  writeAll(resultFd, dumpJson(message), "result");
  return 0;
}

struct Running {
  Fd pipe;
  Loop::Watch watch;
  std::string text;
  std::optional<ExitStatus> status;
  bool ended = false;
  Jobs::Done done;

  rpc::Answer answer() const {
    const auto message = parseJson(text);
    if (message && message->is_object() && message->contains("result"))
      return {(*message)["result"], std::nullopt, false};
    if (message && message->is_object() && message->contains("error"))
      return {{}, fromWire((*message)["error"]), false};
    return {{},
            Failure(Code::internal, "a helper process died with status " + std::to_string(status->shellStatus())),
            false};
  }

  void finishIfDone() {
    if (ended && status) done(answer());
  }

  void read() {
    char buffer[64 * 1024];
    const ssize_t count = ::read(pipe.get(), buffer, sizeof buffer);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count > 0 && text.size() + static_cast<size_t>(count) <= maxResult) {
      text.append(buffer, static_cast<size_t>(count));
      return;
    }
    watch.reset();
    pipe.reset();
    ended = true;
    finishIfDone();
  }
};

}  // namespace

void Jobs::start(Work work, Done done, const std::vector<int>& keep) {
  try {
    int ends[2];
    checked(::pipe2(ends, O_CLOEXEC), "pipe2");
    const auto running = std::make_shared<Running>();
    running->pipe = Fd(ends[0]);
    running->done = done;
    Fd writer(ends[1]);
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    running->watch = loop_.watch(ends[0], EPOLLIN, [running](uint32_t) { running->read(); });
    std::vector<int> kept = {writer.get()};
    kept.insert(kept.end(), keep.begin(), keep.end());
    const pid_t pid = forkChild(kept, [&] { return runInChild(work); });
    reaper_.onExit(pid, [running](ExitStatus status) {
      running->status = status;
      running->finishIfDone();
    });
  } catch (const Failure& failure) {
    loop_.post([done = std::move(done), failure] { done({{}, failure, false}); });
  }
}

}  // namespace tswsl
