#include "process/reaper.h"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include <algorithm>

#include "base/failure.h"

namespace tswsl {
namespace {

constexpr size_t maxUnclaimed = 1024;

Fd signalDescriptor() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGCHLD);
  checked(::sigprocmask(SIG_BLOCK, &set, nullptr), "sigprocmask");
  return Fd(checked(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd"));
}

ExitStatus statusOf(const siginfo_t& info) {
  // Both an exit status and a signal number fit a byte: wait(2).
  return {info.si_code != CLD_EXITED, static_cast<uint8_t>(info.si_status)};
}

}  // namespace

Reaper::Reaper(Loop& loop)
    : loop_(loop),
      signals_(signalDescriptor()),
      watch_(loop.watch(signals_.get(), EPOLLIN, [this](uint32_t) { reap(); })) {}

void Reaper::reap() {
  signalfd_siginfo drained[16];
  while (::read(signals_.get(), drained, sizeof drained) > 0) continue;
  for (;;) {
    siginfo_t info{};
    if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG) != 0 || info.si_pid == 0) return;
    const auto it = waiting_.find(info.si_pid);
    if (it == waiting_.end()) {
      unclaimed_.emplace_back(info.si_pid, statusOf(info));
      if (unclaimed_.size() > maxUnclaimed) unclaimed_.pop_front();
      continue;
    }
    const Callback callback = std::move(it->second);
    waiting_.erase(it);
    callback(statusOf(info));
  }
}

void Reaper::onExit(pid_t pid, Callback callback) {
  // From the back: pids are used again, the latest is the one meant.
  const auto found =
      std::find_if(unclaimed_.rbegin(), unclaimed_.rend(), [&](const auto& entry) { return entry.first == pid; });
  if (found == unclaimed_.rend()) {
    waiting_[pid] = std::move(callback);
    return;
  }
  loop_.post([callback = std::move(callback), status = found->second] { callback(status); });
  unclaimed_.erase(std::next(found).base());
}

}  // namespace tswsl
