#include "net/masquerade.h"

namespace tswsl {
namespace {

std::string cidr(const AddressWithPrefix& network) { return network.address + "/" + std::to_string(network.prefix); }

}  // namespace

std::string masqueradeRules(const AddressWithPrefix& bridge, const AddressWithPrefix& uplink,
                            const std::string& interface) {
  const std::string fromDistros = "ip saddr " + cidr(bridge);
  const std::string toHost = fromDistros + " ip daddr " + cidr(uplink);
  // Adding before deleting makes the deletion succeed the first time too: nft(8), "atomic rule replacement".
  return "add table ip tswsl\n"
         "delete table ip tswsl\n"
         "table ip tswsl {\n"
         "  chain postrouting {\n"
         "    type nat hook postrouting priority srcnat;\n"
         "    " +
         fromDistros + " oifname \"" + interface +
         "\" masquerade\n"
         "  }\n"
         "  chain forward {\n"
         "    type filter hook forward priority filter;\n"
         "    " +
         toHost +
         " udp dport 53 accept\n"
         "    " +
         toHost +
         " tcp dport 53 accept\n"
         "    " +
         toHost +
         " reject\n"
         "  }\n"
         "}\n";
}

}  // namespace tswsl
