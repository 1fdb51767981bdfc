#pragma once

#include <sys/types.h>

#include "base/fd.h"

namespace tswsl {

/** A command that runs: its pid and our ends of its channels, non-blocking. A channel on the terminal has no pipe. */
struct Launched {
  pid_t pid = -1;
  Fd input;
  Fd output;
  Fd error;
  Fd terminal;
};

/** Which channels are the terminal. */
struct Channels {
  bool inputIsTerminal = false;
  bool outputIsTerminal = false;
  bool errorIsTerminal = false;

  bool anyTerminal() const { return inputIsTerminal || outputIsTerminal || errorIsTerminal; }
};

}  // namespace tswsl
