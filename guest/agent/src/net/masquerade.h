#pragma once

#include <string>

#include "net/links.h"

namespace tswsl {

/** The nftables rules by which distros reach the world under the VM's address. Pure text, replacing what was there. */
std::string masqueradeRules(const AddressWithPrefix& bridge, const std::string& uplink);

}  // namespace tswsl
