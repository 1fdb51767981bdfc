#pragma once

#include <string>

#include "net/links.h"

namespace tswsl {

/**
 * The nftables rules by which distros reach the world under the VM's address. Names are all they get of the network
 * between VM and host: its gateway leads to what listens on the host's own 127.0.0.1, which no distro is to see. Pure
 * text, replacing what was there.
 */
std::string masqueradeRules(const AddressWithPrefix& bridge, const AddressWithPrefix& uplink,
                            const std::string& interface);

}  // namespace tswsl
