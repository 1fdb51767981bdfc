#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <vector>

#include "agent/agent.h"
#include "base/log.h"
#include "base/paths.h"
#include "boot/boot.h"
#include "boot/power.h"
#include "distro/distro_init.h"
#include "files/files_port.h"
#include "link/open_link.h"
#include "memory/idle_reclaim.h"
#include "tools/mount_drvfs.h"
#include "tools/wslpath.h"

namespace tswsl {
namespace {

/** The answer to vm.powerOff has this long to leave; the host that does not read it loses nothing. */
constexpr int drainTurns = 50;
constexpr int drainTurnMillis = 10;

[[noreturn]] void endMachine(Loop& loop, const Agent& agent) {
  for (int i = 0; i < drainTurns && !agent.drained(); ++i) loop.turn(drainTurnMillis);
  powerOff();
}

void unmountStore() {
  if (::umount2(paths::store, 0) != 0 && errno != EINVAL) log("the store is busy and is only synced");
  ::sync();
}

/** The machine's life. Only the end of the machine ends it. */
void serve(Stages stages) {
  Loop loop;
  Agent agent(loop);
  const auto link = openLink(loop, agent.linkEvents());
  stages.reached("linkOpen");
  agent.services().hostFiles.open([&] { return findFilesPort(loop, agent.services().reaper); });
  agent.services().stages = stages;
  agent.services().settle = unmountStore;
  const IdleReclaim idleReclaim(loop, agent.services().jobs);
  bool ending = false;
  agent.services().powerOff = [&] {
    ending = true;
    loop.stop();
  };
  loop.run();
  if (ending) endMachine(loop, agent);
}

int runMachine() {
  Stages stages;
  stages.reached("agentStart");
  ::signal(SIGPIPE, SIG_IGN);
  try {
    bootSystem(stages);
    serve(stages);
  } catch (const std::exception& error) {
    log(std::string("fatal: ") + error.what());
  }
  powerOff();
}

}  // namespace
}  // namespace tswsl

int main(int count, char** values) {
  const std::vector<std::string> arguments(values, values + count);
  const std::string name = count > 0 ? arguments[0] : "";
  const std::string role = count > 1 ? arguments[1] : "";
  // npos + 1 is 0: a name without a slash is all of it.
  const std::string program = name.substr(name.rfind('/') + 1);
  if (program == "mount.drvfs") return tswsl::runMountDrvfs({arguments.begin() + 1, arguments.end()});
  if (program == "wslpath") return tswsl::runWslpath({arguments.begin() + 1, arguments.end()});
  if (name == tswsl::paths::distroInit || role == "distro-init") return tswsl::runDistroInit();
  if (::getpid() == 1) return tswsl::runMachine();
  std::fputs("tswsl-agent runs as PID 1 of the utility VM, or as the init of a distribution (distro-init)\n", stderr);
  return 64;
}
