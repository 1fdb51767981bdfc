#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/failure.h"
#include "base/loop.h"
#include "exec/exec_request.h"
#include "exec/launched.h"

namespace tswsl {

using LaunchResult = std::variant<Launched, Failure>;
using LaunchDone = std::function<void(LaunchResult)>;

/** The distro to enter: its init, and the cgroups for the command; the first that takes it is its own. */
struct Destination {
  int initPidfd;
  std::vector<std::string> cgroups;
};

/**
 * Starts a command in a running distro. Answers from the loop when the program has been executed (a program that
 * cannot be is a command that exits with 127 or 126, not a failure).
 */
void launchCommand(Loop& loop, const ExecRequest& request, const Destination& destination, LaunchDone done);

/**
 * Starts `body` in a process of the VM itself, leader of its own session, with all channels as pipes: what becomes of
 * it is up to `body`, which begins with its standard streams in place.
 */
Launched launchHelper(const std::function<int()>& body);

}  // namespace tswsl
