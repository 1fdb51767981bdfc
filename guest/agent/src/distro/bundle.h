#pragma once

#include <string>

#include "base/json.h"

namespace tswsl {

/** The directory of a running distro's OCI bundle. */
std::string bundlePath(const std::string& distro);

/**
 * The host's config with what only the guest knows: the root, the network namespace, the cgroup. Everything else is
 * the host's word. Throws InvalidParams when the document has not the shape of the runtime specification.
 */
Json completeConfig(Json config, const std::string& distro);

/** The signal that asks the init of this config to end: systemd's for systemd, SIGTERM for our own. */
int stopSignal(const Json& config);

}  // namespace tswsl
