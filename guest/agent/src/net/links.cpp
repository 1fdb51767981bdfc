#include "net/links.h"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>

#include <algorithm>

#include "base/failure.h"
#include "base/files.h"
#include "net/netlink.h"

namespace tswsl {
namespace {

std::string packed(const std::string& address) {
  in_addr value{};
  if (::inet_pton(AF_INET, address.c_str(), &value) != 1)
    throw Failure(Code::invalidArgument, "bad address " + address);
  return {reinterpret_cast<const char*>(&value), sizeof value};  // in_addr is four plain bytes.
}

ifinfomsg byIndex(const std::string& name) {
  ifinfomsg info{};
  info.ifi_family = AF_UNSPEC;
  // Interface indices are small positive numbers; the structure has them signed.
  info.ifi_index = static_cast<int>(linkIndex(name));
  return info;
}

constexpr uint16_t createNew = NLM_F_CREATE | NLM_F_EXCL;
constexpr uint16_t createOrReplace = NLM_F_CREATE | NLM_F_REPLACE;

}  // namespace

unsigned linkIndex(const std::string& name) {
  const unsigned index = ::if_nametoindex(name.c_str());
  if (index == 0) failErrno("no network interface " + name);
  return index;
}

void addBridge(const Netlink& netlink, const std::string& name) {
  NetlinkMessage message(RTM_NEWLINK, createNew);
  message.body(ifinfomsg{}).text(IFLA_IFNAME, name);
  message.nest(IFLA_LINKINFO, [](NetlinkMessage& info) { info.text(IFLA_INFO_KIND, "bridge"); });
  netlink.must(message, "cannot make the bridge " + name, EEXIST);
}

void removeLink(const Netlink& netlink, const std::string& name) {
  NetlinkMessage message(RTM_DELLINK, 0);
  message.body(ifinfomsg{}).text(IFLA_IFNAME, name);
  netlink.must(message, "cannot remove the interface " + name, ENODEV);
}

void addVethPair(const Netlink& netlink, const std::string& name, const std::string& peer, int peerNamespace) {
  NetlinkMessage message(RTM_NEWLINK, createNew);
  message.body(ifinfomsg{}).text(IFLA_IFNAME, name);
  message.nest(IFLA_LINKINFO, [&](NetlinkMessage& info) {
    info.text(IFLA_INFO_KIND, "veth");
    info.nest(IFLA_INFO_DATA, [&](NetlinkMessage& data) {
      data.nest(VETH_INFO_PEER, [&](NetlinkMessage& other) {
        other.body(ifinfomsg{}).text(IFLA_IFNAME, peer);
        // Descriptors are small and not negative here.
        other.number(IFLA_NET_NS_FD, static_cast<uint32_t>(peerNamespace));
      });
    });
  });
  netlink.must(message, "cannot make the interface " + name);
}

void setMaster(const Netlink& netlink, const std::string& name, const std::string& bridge) {
  NetlinkMessage message(RTM_NEWLINK, 0);
  message.body(byIndex(name)).number(IFLA_MASTER, linkIndex(bridge));
  netlink.must(message, "cannot put " + name + " on the bridge " + bridge);
}

void setUp(const Netlink& netlink, const std::string& name) {
  ifinfomsg info = byIndex(name);
  info.ifi_flags = IFF_UP;
  info.ifi_change = IFF_UP;
  NetlinkMessage message(RTM_NEWLINK, 0);
  message.body(info);
  netlink.must(message, "cannot bring up " + name);
}

void setAddress(const Netlink& netlink, const std::string& name, const AddressWithPrefix& address) {
  ifaddrmsg body{};
  body.ifa_family = AF_INET;
  // The contract's checks keep a prefix between 0 and 32.
  body.ifa_prefixlen = static_cast<uint8_t>(address.prefix);
  body.ifa_index = linkIndex(name);
  const std::string bytes = packed(address.address);
  const uint32_t network = address.prefix == 0 ? 0 : ~0U << (32 - address.prefix);
  in_addr local{};
  ::inet_pton(AF_INET, address.address.c_str(), &local);
  const uint32_t broadcast = htonl(ntohl(local.s_addr) | ~network);
  NetlinkMessage message(RTM_NEWADDR, createOrReplace);
  message.body(body).attribute(IFA_LOCAL, bytes).attribute(IFA_ADDRESS, bytes);
  if (address.prefix < 31) message.number(IFA_BROADCAST, broadcast);
  netlink.must(message, "cannot give " + name + " the address " + address.address);
}

void setDefaultRoute(const Netlink& netlink, const std::string& name, const std::string& gateway) {
  rtmsg body{};
  body.rtm_family = AF_INET;
  body.rtm_table = RT_TABLE_MAIN;
  body.rtm_protocol = RTPROT_STATIC;
  body.rtm_scope = RT_SCOPE_UNIVERSE;
  body.rtm_type = RTN_UNICAST;
  NetlinkMessage message(RTM_NEWROUTE, createOrReplace);
  message.body(body).attribute(RTA_GATEWAY, packed(gateway)).number(RTA_OIF, linkIndex(name));
  netlink.must(message, "cannot route through " + gateway);
}

std::optional<std::string> findByMac(const std::string& mac) {
  std::string wanted = mac;
  std::transform(wanted.begin(), wanted.end(), wanted.begin(), [](char c) {
    if (c == '-') return ':';
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  for (const auto& name : listDirectory("/sys/class/net")) {
    const std::string address = readFile("/sys/class/net/" + name + "/address").value_or("");
    // Bridges and veths borrow addresses; only a device of the machine has this link.
    if (address == wanted + "\n" && pathExists("/sys/class/net/" + name + "/device")) return name;
  }
  return std::nullopt;
}

void bringUpLoopback() { setUp(Netlink(), "lo"); }

}  // namespace tswsl
