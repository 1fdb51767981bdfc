#pragma once

#include <functional>
#include <memory>

#include "base/json.h"
#include "base/loop.h"
#include "process/reaper.h"
#include "rpc/reply.h"

namespace tswsl {

/** Runs what blocks (mount, mkfs, crun, file system calls) in a forked process, so that the loop never does. */
class Jobs {
 public:
  /** Runs in the child, in a copy of the agent's memory: may block, may throw Failure. */
  using Work = std::function<Json()>;
  using Done = std::function<void(const rpc::Answer&)>;

  Jobs(Loop& loop, Reaper& reaper) : loop_(loop), reaper_(reaper) {}

  /** `done` is called from the loop, exactly once, also when the child cannot be made or dies. */
  void start(Work work, Done done);

 private:
  Loop& loop_;
  Reaper& reaper_;
};

}  // namespace tswsl
