#pragma once

#include <chrono>

namespace tswsl {

/**
 * Begins a session on a connection that an earlier 9P client may have used: sends Tversion, which ends the earlier
 * session (version(5)), and reads up to its answer, past what was meant for the earlier client: the kernel would give
 * the connection up for an answer that it has not asked for. Throws Failure `unavailable` when the host leaves, says
 * what is no message, or does not answer in time.
 */
void beginNinePSession(int connection, std::chrono::milliseconds limit);

}  // namespace tswsl
