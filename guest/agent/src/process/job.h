#pragma once

#include <functional>
#include <memory>
#include <vector>

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

  /** The first of the descriptors that a job is given; the others follow. */
  static constexpr int firstKept = 4;

  /**
   * `done` is called from the loop, exactly once, also when the child cannot be made or dies. The child has copies of the
   * descriptors in `keep`, from `firstKept` on.
   */
  void start(Work work, Done done, const std::vector<int>& keep = {});

 private:
  Loop& loop_;
  Reaper& reaper_;
};

}  // namespace tswsl
