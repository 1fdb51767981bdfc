#pragma once

#include <memory>

#include "link/link.h"

namespace tswsl {

class Loop;

/** The link of this machine: the virtio-serial port, else HvSocket. Waits for the device; throws Failure. */
std::unique_ptr<Link> openLink(Loop& loop, const LinkEvents& events);

/** Whether this machine's devices are Hyper-V's, and so its link to the host HvSocket. */
bool onHyperV();

}  // namespace tswsl
