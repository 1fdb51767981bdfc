#include <signal.h>

#include "base/files.h"
#include "base/paths.h"
#include "distros.h"
#include "environment.h"
#include "harness.h"

using namespace tswsl;
using namespace distros;

TEST("distro: start, list, stop, and everything of it is gone") {
  environment::require();
  TestHost host;
  const std::string distro = install(host);
  const Json pid = host.call("distro.start", startParams(distro))["pid"];
  const Json running = host.call("distro.list", Json::object())["running"];
  CHECK_EQ(running, Json::array({{{"distro", distro}, {"pid", pid}, {"commands", 0}}}));
  CHECK_EQ(host.callFailing("distro.start", startParams(distro))["data"]["code"], "invalid-state");
  CHECK_EQ(host.callFailing("distro.delete", {{"distro", distro}})["data"]["code"], "invalid-state");
  host.call("distro.stop", {{"distro", distro}, {"graceMs", 10'000}});
  const Json exited = host.waitNotification("distro.exited");
  CHECK_EQ(exited["status"], 0);
  CHECK(listDirectory(paths::networkNamespaces).empty());
  CHECK(listDirectory(paths::bundles).empty());
  CHECK(listDirectory(paths::crunState).empty());
  CHECK(!pathExists(std::string(paths::cgroups) + "/tswsl/" + distro));
  CHECK(!pathExists("/sys/class/net/v" + distro.substr(0, 8)));
  host.call("distro.start", startParams(distro));
  host.call("distro.stop", {{"distro", distro}, {"graceMs", 10'000}});
  host.call("distro.delete", {{"distro", distro}});
}

TEST("distro: a start that fails leaves nothing") {
  environment::require();
  TestHost host;
  const std::string distro = install(host);
  Json params = startParams(distro);
  params["config"]["process"]["args"] = {"/no/such/init"};
  const Json error = host.callFailing("distro.start", params);
  CHECK(error["message"].get<std::string>().find("/no/such/init") != std::string::npos);
  CHECK(listDirectory(paths::networkNamespaces).empty() && listDirectory(paths::bundles).empty());
  CHECK_EQ(host.call("distro.list", Json::object())["running"].size(), 0U);
  host.call("distro.start", startParams(distro));
  host.call("distro.stop", {{"distro", distro}, {"graceMs", 10'000}});
}

TEST("distro: when it ends its commands are told why") {
  environment::require();
  Started started;
  TestHost& host = started.host;
  const uint32_t stopped = host.openFrames(execHeader(started.distro, "echo ready; exec sleep 1000"));
  host.until([&] { return host.stream(stopped).output == "ready\n"; }, "ready");
  CHECK_EQ(host.call("distro.list", Json::object())["running"][0]["commands"], 1);
  host.call("distro.stop", {{"distro", started.distro}, {"graceMs", 10'000}});
  const Json asked = host.waitError(stopped);
  CHECK_EQ(asked["code"], "disconnected");
  CHECK_EQ(asked["message"], "the distribution was stopped");
  started.pid = host.call("distro.start", startParams(started.distro))["pid"];
  const uint32_t crashed =
      host.openFrames(with(execHeader(started.distro, "echo ready; exec sleep 1000"), onTerminal()));
  host.until([&] { return host.stream(crashed).output == "ready\r\n"; }, "ready");
  ::kill(started.pid, SIGKILL);
  const Json died = host.waitError(crashed);
  CHECK_EQ(died["code"], "disconnected");
  CHECK_EQ(died["message"], "the distribution died: its init (process 1) was killed by signal 9");
  host.waitNotification("distro.exited");
  CHECK_EQ(host.waitNotification("distro.exited")["status"], 137);
  // Told at once: a start that follows waits for the cleaning up.
  host.call("distro.start", startParams(started.distro));
  host.call("distro.stop", {{"distro", started.distro}, {"graceMs", 10'000}});
  CHECK_EQ(host.call("distro.list", Json::object())["running"].size(), 0U);
}

TEST("distro: an init that does not listen is killed after its grace") {
  environment::require();
  TestHost host;
  const std::string distro = install(host);
  Json params = startParams(distro);
  params["config"]["process"]["args"] = {"/bin/sleep", "1000"};
  host.call("distro.start", params);
  host.call("distro.stop", {{"distro", distro}, {"graceMs", 1}});
  CHECK_EQ(host.waitNotification("distro.exited")["status"], 137);
}

TEST("session: the host's commands end with it, distros go on") {
  environment::require();
  Started started;
  TestHost& host = started.host;
  const uint32_t id = host.openFrames(execHeader(started.distro, "echo ready; exec sleep 4713"));
  host.until([&] { return host.stream(id).output == "ready\n"; }, "ready");
  host.disconnect();
  host.connect();
  CHECK_EQ(host.call("distro.list", Json::object())["running"][0]["distro"], started.distro);
  host.until([&] { return started.shell("pgrep -x -f 'sleep 4713' | wc -l") == "0\n"; }, "the hang-up");
}

TEST("power off: every distro is stopped, then the answer is sent") {
  environment::require();
  Started started;
  bool off = false;
  started.host.agent().services().powerOff = [&] { off = true; };
  started.host.call("vm.powerOff", {{"graceMs", 10'000}});
  CHECK(off);
  CHECK_EQ(started.host.call("distro.list", Json::object())["running"].size(), 0U);
}
