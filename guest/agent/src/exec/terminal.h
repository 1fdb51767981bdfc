#pragma once

#include <optional>

#include "base/fd.h"
#include "wire/frames.h"

namespace tswsl {

struct Terminal {
  Fd master;
  Fd slave;
};

/**
 * A pseudo terminal of the present mount namespace, so that its name is true there. Without a keyboard, what is written
 * to it goes on unchanged: the user's own terminal is then not in raw mode and makes CR LF of LF itself. Throws Failure.
 */
Terminal openTerminal(const std::optional<frames::Resize>& size, bool hasKeyboard);

/** Makes it the controlling terminal of this process, which must lead a session without one. Throws Failure. */
void takeControl(const Fd& slave);

}  // namespace tswsl
