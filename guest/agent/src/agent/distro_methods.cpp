#include "agent/methods.h"

namespace tswsl {
namespace {

constexpr int64_t maxGraceMillis = 600'000;

}  // namespace

void addDistroMethods(rpc::Methods& methods, Services& services) {
  methods["distro.start"] = [&](const Params& params, const rpc::Reply& reply) {
    services.distros.start(parseStartRequest(params), reply);
  };
  methods["distro.stop"] = [&](const Params& params, const rpc::Reply& reply) {
    const std::chrono::milliseconds grace(params.integer("graceMs", 0, maxGraceMillis));
    services.distros.stop(params.uuid("distro"), grace, reply);
  };
  methods["distro.limit"] = [&](const Params& params, const rpc::Reply& reply) {
    services.distros.limit(params.uuid("distro"), parseLimits(Params(params.object("limits"))), reply);
  };
  methods["distro.list"] = [&](const Params&, const rpc::Reply& reply) { reply.ok(services.distros.list()); };
}

rpc::Methods allMethods(Services& services) {
  rpc::Methods methods;
  addAgentMethods(methods, services);
  addStoreMethods(methods, services);
  addDistroMethods(methods, services);
  addFilesMethods(methods, services);
  return methods;
}

}  // namespace tswsl
