#pragma once

#include <string>
#include <vector>

#include "process/reaper.h"

namespace tswsl {

struct ProgramResult {
  ExitStatus status;
  /** The end of what it wrote to standard error, one line, for a message. */
  std::string complaint;
};

/** In a helper process: runs a program of the system image with `input` as its standard input, and waits for it. */
ProgramResult runProgram(const std::vector<std::string>& argv, const std::string& input = {});

/** runProgram; throws Failure `internal` with the program's complaint unless it succeeds. */
void mustRun(const std::vector<std::string>& argv, const std::string& input = {});

/**
 * In a helper process: runs a program that leaves a daemon behind. Its streams are /dev/null: a pipe or a file would be
 * the daemon's too, for as long as it lives.
 */
ExitStatus runDetached(const std::vector<std::string>& argv);

/** In a helper process: waits for a child of its own. */
ExitStatus waitFor(pid_t pid);

}  // namespace tswsl
