#pragma once

#include <sys/types.h>

#include <deque>
#include <functional>
#include <map>

#include "base/loop.h"

namespace tswsl {

/** How a process ended. */
struct ExitStatus {
  bool signalled = false;
  /** Exit status, or the number of the signal. */
  uint8_t value = 0;

  /** As a shell gives it: the status, or 128 + signal. */
  int shellStatus() const { return signalled ? 128 + value : value; }
  bool success() const { return !signalled && value == 0; }
};

/** The only place that waits for children. Orphans that came to us as PID 1 are reaped and forgotten. */
class Reaper {
 public:
  using Callback = std::function<void(ExitStatus)>;

  /** Blocks SIGCHLD for the process and receives it through the loop. Throws Failure. */
  explicit Reaper(Loop& loop);

  /** Calls back once the child has been reaped; from the loop, also when that has happened already. */
  void onExit(pid_t pid, Callback callback);

 private:
  void reap();

  Loop& loop_;
  Fd signals_;
  Loop::Watch watch_;
  std::map<pid_t, Callback> waiting_;
  /**
   * The latest that nobody waited for: the pid of a command reaches us through a message, and a container's init
   * through crun, both possibly after its death.
   */
  std::deque<std::pair<pid_t, ExitStatus>> unclaimed_;
};

}  // namespace tswsl
