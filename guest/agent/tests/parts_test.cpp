#include <signal.h>

#include "distro/bundle.h"
#include "distro/lock.h"
#include "exec/input_channel.h"
#include "harness.h"
#include "net/masquerade.h"
#include "rpc/params.h"

using namespace tswsl;

TEST("loop: timers in order, posted work after them, dropped ones never") {
  Loop loop;
  std::string order;
  auto late = loop.after(std::chrono::milliseconds(200), [&] { order += 'b'; });
  auto early = loop.after(std::chrono::milliseconds(1), [&] { order += 'a'; });
  auto dropped = loop.after(std::chrono::milliseconds(1), [&] { order += 'x'; });
  dropped.reset();
  while (order.size() < 2) loop.turn(100);
  loop.post([&] { order += 'c'; });
  loop.turn(0);
  CHECK_EQ(order, "abc");
}

TEST("locks: deeds on one distro in the order they came, others meanwhile") {
  DistroLocks locks;
  std::string order;
  DistroLocks::Token held;
  locks.acquire("a", [&](const DistroLocks::Token& token) { held = token; });
  locks.acquire("a", [&](const DistroLocks::Token&) { order += '1'; });
  locks.acquire("a", [&](const DistroLocks::Token&) { order += '2'; });
  locks.acquire("b", [&](const DistroLocks::Token&) { order += 'b'; });
  CHECK_EQ(order, "b");
  held.reset();
  CHECK_EQ(order, "b12");
  locks.acquire("a", [&](const DistroLocks::Token&) { order += '3'; });
  CHECK_EQ(order, "b123");
}

TEST("bundle: only root, network and cgroup are the agent's") {
  const std::string distro = "0f0f0f0f-0000-4000-8000-000000000001";
  const Json config = {
      {"root", {{"path", ""}, {"readonly", false}}},
      {"process", {{"args", {"/sbin/init"}}}},
      {"linux", {{"namespaces", {{{"type", "pid"}}, {{"type", "network"}}}}, {"cgroupsPath", "/elsewhere"}}}};
  const Json complete = completeConfig(config, distro);
  CHECK_EQ(complete["root"]["path"], "/store/distros/" + distro + "/rootfs");
  CHECK_EQ(complete["root"]["readonly"], false);
  CHECK_EQ(complete["linux"]["namespaces"][1]["path"], "/run/netns/" + distro);
  CHECK(!complete["linux"]["namespaces"][0].contains("path"));
  CHECK_EQ(complete["linux"]["cgroupsPath"], "/tswsl/" + distro + "/init");
  CHECK_EQ(complete["process"], config["process"]);
  CHECK_EQ(completeConfig(Json::object(), distro)["linux"]["namespaces"].size(), 1U);
  test::thrown<InvalidParams>([&] { completeConfig({{"linux", 1}}, distro); });
  test::thrown<InvalidParams>([&] { completeConfig({{"linux", {{"namespaces", 1}}}}, distro); });
}

TEST("bundle: systemd is stopped in its own language") {
  CHECK_EQ(stopSignal({{"process", {{"args", {"/sbin/init"}}}}}), SIGRTMIN + 3);
  CHECK_EQ(stopSignal({{"process", {{"args", {"/run/tswsl/init"}}}}}), SIGTERM);
  CHECK_EQ(stopSignal({{"process", {{"args", {1}}}}}), SIGTERM);
  CHECK_EQ(stopSignal({{"process", "x"}}), SIGTERM);
  CHECK_EQ(stopSignal(Json::object()), SIGTERM);
}

TEST("masquerade: the bridge's network, out of the uplink only, and of the host nothing but names") {
  const std::string rules = masqueradeRules({"10.99.0.1", 24}, {"10.98.0.16", 20}, "eth0");
  CHECK(rules.find("ip saddr 10.99.0.1/24 ip daddr 10.98.0.16/20 reject") != std::string::npos);
  CHECK(rules.find("ip saddr 10.99.0.1/24 oifname \"eth0\" masquerade") != std::string::npos);
  CHECK(rules.starts_with("add table ip tswsl\ndelete table ip tswsl\n"));
}
