#include "net/masquerade.h"

namespace tswsl {

std::string masqueradeRules(const AddressWithPrefix& bridge, const std::string& uplink) {
  // Adding before deleting makes the deletion succeed the first time too: nft(8), "atomic rule replacement".
  return "add table ip tswsl\n"
         "delete table ip tswsl\n"
         "table ip tswsl {\n"
         "  chain postrouting {\n"
         "    type nat hook postrouting priority srcnat;\n"
         "    ip saddr " +
         bridge.address + "/" + std::to_string(bridge.prefix) + " oifname \"" + uplink +
         "\" masquerade\n"
         "  }\n"
         "}\n";
}

}  // namespace tswsl
