#pragma once

#include <string>

#include "net/links.h"

namespace tswsl {

/** DistroNetwork of the contract. */
struct DistroNetwork {
  AddressWithPrefix address;
  std::string gateway;
};

/** Where a distro's network namespace is mounted. */
std::string namespacePath(const std::string& distro);

/** A network namespace with `lo` and an `eth0` whose other end is on the bridge. Blocks. Throws Failure. */
void createDistroNetwork(const std::string& distro, const DistroNetwork& network);

/** Idempotent; removes what an interrupted creation left, too. Blocks. */
void removeDistroNetwork(const std::string& distro);

}  // namespace tswsl
