#pragma once

#include <optional>

#include "base/fd.h"
#include "wire/frames.h"

namespace tswsl {

struct Terminal {
  Fd master;
  Fd slave;
};

/** A pseudo terminal of the present mount namespace, so that its name is true there. Throws Failure. */
Terminal openTerminal(const std::optional<frames::Resize>& size);

/** Makes it the controlling terminal of this process, which must lead a session without one. Throws Failure. */
void takeControl(const Fd& slave);

}  // namespace tswsl
