#pragma once

#include "exec/launched.h"

namespace tswsl {

/** The command's ends of its pipes, blocking; invalid where the channel is the terminal. */
struct ChildEnds {
  Fd input;
  Fd output;
  Fd error;
};

/** Makes a pipe for every channel that is not the terminal; our ends go into `ours`. Throws Failure. */
ChildEnds makePipes(const Channels& channels, Launched& ours);

}  // namespace tswsl
