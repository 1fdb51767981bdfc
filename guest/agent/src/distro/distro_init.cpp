#include "distro/distro_init.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <string>

#include "base/clock.h"
#include "base/files.h"
#include "base/paths.h"

namespace tswsl {
namespace {

constexpr std::chrono::seconds farewell{2};

void reapAll() {
  while (::waitpid(-1, nullptr, WNOHANG) > 0) continue;
}

void endEverything() {
  // Interactive shells ignore SIGTERM and obey SIGHUP; the stopped must run in order to obey.
  for (const int number : {SIGTERM, SIGHUP, SIGCONT}) ::kill(-1, number);
  waitUntil(
      [] {
        reapAll();
        return ::kill(-1, 0) != 0 && errno == ESRCH;
      },
      farewell, std::chrono::milliseconds(10));
}

/** Out of the root of the distro's tree, so that Docker can share out controllers below it. The name is systemd's. */
void enterOwnGroup() {
  const std::string group = std::string(paths::cgroups) + "/init.scope";
  ::mkdir(group.c_str(), 0755);
  poke(group + "/cgroup.procs", "0");
}

}  // namespace

int runDistroInit() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : {SIGCHLD, SIGTERM, SIGPWR, SIGINT, SIGRTMIN + 3}) ::sigaddset(&set, number);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  enterOwnGroup();
  for (;;) {
    const int number = ::sigwaitinfo(&set, nullptr);
    if (number == SIGCHLD) reapAll();
    if (number <= 0 || number == SIGCHLD) continue;
    endEverything();
    return 0;
  }
}

}  // namespace tswsl
