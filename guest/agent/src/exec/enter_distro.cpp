#include "exec/enter_distro.h"

#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/failure.h"
#include "base/files.h"
#include "boot/limits.h"
#include "exec/descriptor_passing.h"

namespace tswsl {
namespace {

constexpr int allNamespaces = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP | CLONE_NEWNET;

void reportFailure(const Failure& failure) {
  try {
    sendMessage(inherited::report, reports::failure + dumpJson(toWire(failure)));
  } catch (const Failure&) {
    // The agent has gone; then nobody waits for the report.
  }
}

/** What the agent has by being the machine, and a command shall not have. */
void dropPrivilegesOfTheAgent() {
  poke("/proc/self/oom_score_adj", "0");
  const rlimit files{openFilesSoft, openFilesHard};
  ::setrlimit(RLIMIT_NOFILE, &files);
  // Keys of one command are not for the next: each gets a session keyring of its own, like a login.
  ::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr);
  // Until it is the command, only the distro's root may look into this copy of the agent's memory.
  ::prctl(PR_SET_DUMPABLE, 0);
}

void enter() {
  dropPrivilegesOfTheAgent();
  if (::setns(inherited::initPidfd, allNamespaces) != 0) {
    const int error = errno;
    if (error != ESRCH) failErrno("cannot enter the distribution", error);
    throw Failure(Code::invalidState, "the distribution has stopped", "start the command again");
  }
}

}  // namespace

int enterDistro(const ExecRequest& request) {
  try {
    enter();
    const long pid = checked(::syscall(SYS_clone, CLONE_PARENT | SIGCHLD, nullptr, nullptr, nullptr, 0), "cannot fork");
    if (pid != 0) {
      sendMessage(inherited::report, reports::pid + std::to_string(pid));
      return 0;
    }
  } catch (const Failure& failure) {
    reportFailure(failure);
    return 1;
  }
  try {
    becomeCommand(request);
  } catch (const Failure& failure) {
    reportFailure(failure);
  }
  return 1;
}

}  // namespace tswsl
