#pragma once

#include <sys/types.h>

#include "distro/start_request.h"

namespace tswsl {

/**
 * Writes the files, makes cgroups, network and bundle, and has crun start the init. Blocks: for a helper process.
 * Throws Failure; what was made by then is for removeContainer.
 */
pid_t createContainer(const StartRequest& request);

/** Removes all that a container had, running or half made. Idempotent; keeps going when a part fails. Blocks. */
void removeContainer(const std::string& distro);

}  // namespace tswsl
