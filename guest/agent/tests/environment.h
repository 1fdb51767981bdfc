#pragma once

#include <string>

#include "base/json.h"

/**
 * A piece of the VM on plain Linux: in mount and network namespaces of the test process, /store is a btrfs, /run and
 * the cgroup tree are empty, and a bridge exists. Nothing of it outlives the process.
 */
namespace environment {

/** Made at first use. Skips the test, with the reason, where that cannot be done. */
void require();

/** A directory to be packed as a distro: a user database and links into /usr, which the config binds from here. */
std::string makeRootTree();

/** An OCI config as the host writes it, reduced to what a shell needs. */
tswsl::Json ociConfig();

/** Runs a shell command here, outside any distro. Throws test::Failed unless it succeeds. */
void shell(const std::string& command);

}  // namespace environment
