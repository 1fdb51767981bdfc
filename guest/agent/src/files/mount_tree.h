#pragma once

#include <cstdint>
#include <string>

#include "base/fd.h"

namespace tswsl {

/**
 * A copy of the mount that shows what lies at `source` below /run/tswsl/host, beginning there and attached nowhere yet
 * (open_tree(2)), with MOUNT_ATTR_* added. It can be attached in another mount namespace. Throws Failure: `not-found` and
 * `permission` are the host's answers, `unavailable` is a connection that is gone.
 */
Fd cloneHostFolder(const std::string& source, uint64_t attributes);

/** Attaches it on the directory that `target` is open on (move_mount(2)). Throws Failure naming it. */
void attachMount(const Fd& tree, const Fd& target, const std::string& name);

}  // namespace tswsl
