#include "net/configure.h"

#include <chrono>

#include "base/clock.h"
#include "base/failure.h"
#include "base/paths.h"
#include "net/masquerade.h"
#include "net/netlink.h"
#include "process/program.h"

namespace tswsl {
namespace {

/** The driver may still be looking at the card when the first request comes. */
constexpr std::chrono::seconds interfaceLimit{5};

std::string awaitInterface(const std::string& mac) {
  std::optional<std::string> name;
  const bool found = waitUntil(
      [&] {
        name = findByMac(mac);
        return name.has_value();
      },
      interfaceLimit);
  if (!found) throw Failure(Code::notFound, "the VM has no network interface " + mac);
  return *name;
}

}  // namespace

void configureNetwork(const NetworkPlan& plan) {
  const std::string uplink = awaitInterface(plan.mac);
  const Netlink netlink;
  setAddress(netlink, uplink, plan.uplink);
  setUp(netlink, uplink);
  setDefaultRoute(netlink, uplink, plan.gateway);
  addBridge(netlink, paths::bridge);
  setAddress(netlink, paths::bridge, plan.bridge);
  setUp(netlink, paths::bridge);
  mustRun({"nft", "-f", "-"}, masqueradeRules(plan.bridge, plan.uplink, uplink));
}

}  // namespace tswsl
