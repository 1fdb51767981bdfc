#pragma once

#include <optional>
#include <string>

namespace tswsl {

class Netlink;

/** An IPv4 address with the length of its network's prefix. */
struct AddressWithPrefix {
  std::string address;
  int prefix;
};

/** The deeds of `ip link|address|route` that the agent needs. All throw Failure. */
unsigned linkIndex(const std::string& name);
/** Tolerates one that exists; so do setAddress and setDefaultRoute, and removeLink one that does not. */
void addBridge(const Netlink& netlink, const std::string& name);
void removeLink(const Netlink& netlink, const std::string& name);
/** A pair of connected interfaces; `peer` is made in the network namespace behind the descriptor. */
void addVethPair(const Netlink& netlink, const std::string& name, const std::string& peer, int peerNamespace);
void setMaster(const Netlink& netlink, const std::string& name, const std::string& bridge);
void setUp(const Netlink& netlink, const std::string& name);
void setAddress(const Netlink& netlink, const std::string& name, const AddressWithPrefix& address);
void setDefaultRoute(const Netlink& netlink, const std::string& name, const std::string& gateway);

/** The interface with this hardware address, in any spelling of case. */
std::optional<std::string> findByMac(const std::string& mac);

/** `lo` of the present network namespace. */
void bringUpLoopback();

}  // namespace tswsl
