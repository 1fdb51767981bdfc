#include <sys/utsname.h>

#include <cstdlib>

#include "agent/methods.h"
#include "agent/refresh.h"
#include "agent/version.h"
#include "base/clock.h"
#include "base/files.h"
#include "net/configure.h"
#include "process/program.h"

namespace tswsl {
namespace {

constexpr int64_t maxGraceMillis = 600'000;

Json hello(const Stages& stages) {
  utsname system{};
  ::uname(&system);
  return {
      {"protocol", protocolVersion}, {"version", agentVersion}, {"kernel", system.release}, {"stages", stages.all()}};
}

/** A line of /proc/meminfo, in bytes. */
uint64_t memoryField(const std::string& text, const std::string& name) {
  const size_t start = text.find(name + ":");
  return start == std::string::npos ? 0 : std::strtoull(text.c_str() + start + name.size() + 1, nullptr, 10) * 1024;
}

Json statistics() {
  const std::string memory = readFile("/proc/meminfo").value_or("");
  return {{"memoryTotal", memoryField(memory, "MemTotal")},
          {"memoryAvailable", memoryField(memory, "MemAvailable")},
          {"uptimeMicros", bootMicros()}};
}

NetworkPlan parsePlan(const Params& params) {
  const Params bridge(params.object("bridge"));
  // integer() keeps the prefixes within 32.
  return {params.text("mac", 17),
          {params.ipv4("address"), static_cast<int>(params.integer("prefix", 0, 32))},
          params.ipv4("gateway"),
          {bridge.ipv4("address"), static_cast<int>(bridge.integer("prefix", 0, 32))}};
}

}  // namespace

void addAgentMethods(rpc::Methods& methods, Services& services) {
  methods["agent.hello"] = [&](const Params& params, const rpc::Reply& reply) {
    const int64_t theirs = params.integer("protocol", 0, 1'000'000);
    if (theirs != protocolVersion) {
      throw Failure(Code::unsupported, "the host speaks protocol " + std::to_string(theirs) + ", this agent 1",
                    "rebuild the agent: `npm run build`");
    }
    reply.ok(hello(services.stages));
  };
  methods["agent.refresh"] = [](const Params& params, const rpc::Reply& reply) {
    stepClock(params.integer("unixMicros", 0, INT64_MAX));
    addEntropy(params.text("entropy", 8192));
    reply.ok();
  };
  methods["agent.statistics"] = [](const Params&, const rpc::Reply& reply) { reply.ok(statistics()); };
  methods["network.configure"] = [&](const Params& params, const rpc::Reply& reply) {
    const NetworkPlan plan = parsePlan(params);
    const auto work = [plan] {
      configureNetwork(plan);
      return Json::object();
    };
    services.jobs.start(work, [reply](const rpc::Answer& answer) { reply.finish(answer); });
  };
  methods["vm.prepareSave"] = [&](const Params&, const rpc::Reply& reply) {
    const auto work = [] {
      // Run once, it and its libraries stay in the page cache.
      mustRun({"crun", "--version"});
      return Json::object();
    };
    services.jobs.start(work, [&services, reply](const rpc::Answer& answer) {
      services.leaveHost();
      reply.finish(answer);
    });
  };
  methods["vm.powerOff"] = [&](const Params& params, const rpc::Reply& reply) {
    const std::chrono::milliseconds grace(params.integer("graceMs", 0, maxGraceMillis));
    services.distros.stopAll(grace, [&services, reply] {
      const auto settle = [work = services.settle] {
        work();
        return Json::object();
      };
      services.jobs.start(settle, [&services, reply](const rpc::Answer&) {
        reply.ok();
        services.powerOff();
      });
    });
  };
}

}  // namespace tswsl
