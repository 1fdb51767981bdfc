#pragma once

#include "boot/stages.h"

namespace tswsl {

/** From a bare initramfs to a system in which distros can run. Throws Failure; then only powering off is left. */
void bootSystem(Stages& stages);

}  // namespace tswsl
