#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace tswsl {

/**
 * Forks. In the child signals are default and unblocked, and of all descriptors only 0, 1, 2 and `keep` are left:
 * `keep[i]` is number 3 + i there, with close-on-exec. That is more than tidiness: a forgotten copy of a pipe's end
 * would withhold an end of file from a command. The child exits with what `body` returns, and is in the first of
 * `cgroups` (directories) that takes it; with none, in ours. Throws Failure.
 */
pid_t forkChild(const std::vector<int>& keep, const std::function<int()>& body,
                const std::vector<std::string>& cgroups = {});

/** In a helper process: becomes `argv[0]`, searched in the system image's PATH. Only returns when that failed: 127. */
int execProgram(const std::vector<std::string>& argv);

}  // namespace tswsl
