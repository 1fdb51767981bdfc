#pragma once

#include "exec/exec_request.h"

namespace tswsl {

/** First bytes of the messages that a starting command sends to the agent. */
namespace reports {
inline constexpr char pid = 'p';
inline constexpr char terminal = 't';
inline constexpr char failure = 'f';
}  // namespace reports

/** Descriptors of the forked child, as launchCommand passes them. */
namespace inherited {
inline constexpr int report = 3;
inline constexpr int initPidfd = 4;
inline constexpr int input = 5;
inline constexpr int output = 6;
inline constexpr int error = 7;
}  // namespace inherited

/**
 * In the forked child: joins all namespaces of the distro's init, and makes the process that becomes the command. That
 * one is the agent's own child (CLONE_PARENT), so that the agent can wait for it, and is inside the PID namespace, which
 * only children enter.
 */
int enterDistro(const ExecRequest& request);

/** In that process: terminal, identity, environment, directory, execve. Does not return. */
[[noreturn]] void becomeCommand(const ExecRequest& request);

}  // namespace tswsl
