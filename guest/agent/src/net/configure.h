#pragma once

#include <string>

#include "net/links.h"

namespace tswsl {

/** What network.configure asks for. */
struct NetworkPlan {
  std::string mac;
  AddressWithPrefix uplink;
  std::string gateway;
  AddressWithPrefix bridge;
};

/** Idempotent. Blocks: for a helper process. Throws Failure. */
void configureNetwork(const NetworkPlan& plan);

}  // namespace tswsl
