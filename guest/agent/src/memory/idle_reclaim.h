#pragma once

#include "base/loop.h"
#include "memory/idle_cache.h"
#include "process/job.h"

namespace tswsl {

/**
 * Gives the memory of cached files back to the host while the machine is idle. One timer, and a helper process when
 * there is something to give. Only for PID 1 of a VM: it acts on the whole kernel. Lives as long as the loop turns.
 */
class IdleReclaim {
 public:
  IdleReclaim(Loop& loop, Jobs& jobs) : loop_(loop), jobs_(jobs) { wait(); }
  IdleReclaim(const IdleReclaim&) = delete;
  IdleReclaim& operator=(const IdleReclaim&) = delete;

 private:
  void wait();
  void look();

  Loop& loop_;
  Jobs& jobs_;
  IdleCache cache_;
  Loop::Timer timer_;
};

}  // namespace tswsl
