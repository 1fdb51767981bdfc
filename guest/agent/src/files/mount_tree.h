#pragma once

#include <cstdint>
#include <string>

#include "base/fd.h"

namespace tswsl {

/**
 * A copy of the mount at `path`, beginning there, attached nowhere yet (open_tree(2)), with MOUNT_ATTR_* added. It can
 * be attached in another mount namespace. Throws Failure.
 */
Fd cloneMount(const std::string& path, uint64_t attributes);

/** Attaches it on the directory that `target` is open on (move_mount(2)). Throws Failure naming it. */
void attachMount(const Fd& tree, const Fd& target, const std::string& name);

}  // namespace tswsl
