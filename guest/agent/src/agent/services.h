#pragma once

#include <functional>

#include "boot/stages.h"
#include "distro/distros.h"
#include "distro/lock.h"
#include "files/host_files.h"
#include "process/job.h"
#include "process/reaper.h"

namespace tswsl {

/** Everything a request may need, made once. */
struct Services {
  explicit Services(Loop& eventLoop)
      : loop(eventLoop),
        reaper(eventLoop),
        jobs(eventLoop, reaper),
        distros(eventLoop, reaper, jobs, locks),
        hostFiles(eventLoop, jobs, locks) {}

  Loop& loop;
  Reaper reaper;
  Jobs jobs;
  DistroLocks locks;
  Distros distros;
  HostFiles hostFiles;
  Stages stages;
  /** Leftovers are those of an earlier run of the VM: they are looked for once. */
  bool leftoversRemoved = false;
  /** Unmounts and writes out what a sudden end would lose. Blocks: run in a helper process. */
  std::function<void()> settle = [] {};
  /** Forgets this host, once what was sent has left, and waits for the next one on the same connection. */
  std::function<void()> leaveHost = [] {};
  /** Ends the machine, once what was sent has left. */
  std::function<void()> powerOff = [] {};
};

}  // namespace tswsl
