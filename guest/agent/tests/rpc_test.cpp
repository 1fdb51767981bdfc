#include "harness.h"
#include "test_host.h"

using namespace tswsl;

TEST("rpc: hello tells protocol, version, kernel and stages") {
  TestHost host;
  const Json hello = host.call("agent.hello", {{"protocol", 1}});
  CHECK_EQ(hello["protocol"], 1);
  CHECK(hello["version"].is_string() && hello["kernel"].is_string() && hello["stages"].is_object());
  CHECK_EQ(host.callFailing("agent.hello", {{"protocol", 2}})["data"]["code"], "unsupported");
}

TEST("rpc: the standard's errors") {
  TestHost host;
  CHECK_EQ(host.callFailing("no.such", Json::object())["code"], -32601);
  const Json params = host.callFailing("agent.hello", Json::object());
  CHECK_EQ(params["code"], -32602);
  CHECK_EQ(params["data"]["code"], "invalid-argument");
  CHECK_EQ(host.callFailing("agent.hello", Json::array())["code"], -32602);
  const Json failure = host.callFailing("distro.inspect", {{"distro", "0f0f0f0f-0000-4000-8000-0000000000ff"}});
  CHECK_EQ(failure["code"], -32000);
  CHECK_EQ(failure["data"]["code"], "not-found");
  CHECK(failure["data"].contains("hint"));
}

TEST("rpc: statistics are those of this machine") {
  TestHost host;
  const Json statistics = host.call("agent.statistics", Json::object());
  CHECK(statistics["memoryTotal"] > statistics["memoryAvailable"]);
  CHECK(statistics["uptimeMicros"] > 0);
}

TEST("rpc: a broken message is answered and the stream goes on") {
  TestHost host;
  host.call("agent.hello", {{"protocol", 1}});
  // The control stream is the first one opened.
  for (const std::string text :
       {"{", "[]", "{\"jsonrpc\":\"2.0\"}", "\"x\"", "{\"jsonrpc\":\"1.0\",\"method\":\"a\",\"id\":1}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"agent.hello\",\"id\":{}}"}) {
    host.writeTo(1, rpc::encodeMessage(text));
  }
  host.writeTo(1, rpc::encodeMessage("{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":1}}"));
  CHECK_EQ(host.call("agent.hello", {{"protocol", 1}})["protocol"], 1);
}

TEST("rpc: broken framing ends the control stream, and another may be opened") {
  TestHost host;
  host.call("agent.hello", {{"protocol", 1}});
  host.writeTo(1, "nonsense\r\n\r\n");
  host.until([&] { return host.stream(1).ended; }, "end of the control stream");
  host.disconnect();
  host.connect();
  CHECK_EQ(host.call("agent.hello", {{"protocol", 1}})["protocol"], 1);
}

TEST("rpc: a distro that is not there") {
  TestHost host;
  const std::string distro = "0f0f0f0f-0000-4000-8000-0000000000ff";
  CHECK_EQ(host.call("distro.list", Json::object())["running"].size(), 0U);
  CHECK(host.call("distro.stop", {{"distro", distro}, {"graceMs", 0}}).is_object());
  const uint32_t id = host.openFrames({{"kind", "exec"},
                                       {"distro", distro},
                                       {"user", "root"},
                                       {"cwd", "~"},
                                       {"shell", "none"},
                                       {"argv", {"true"}},
                                       {"env", Json::object()},
                                       {"cgroup", nullptr},
                                       {"tty", nullptr},
                                       {"stdin", "pipe"},
                                       {"stdout", "pipe"},
                                       {"stderr", "pipe"}});
  CHECK_EQ(host.waitError(id)["code"], "invalid-state");
}
