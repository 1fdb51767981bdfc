#include "agent/methods.h"
#include "files/distro_mounts.h"
#include "files/replay.h"
#include "files/watched.h"

namespace tswsl {
namespace {

/** Runs `deed` in a helper process that may enter the distro, after those deeds on it that came before. */
void withDistro(Services& services, const Params& params, const rpc::Reply& reply,
                std::function<void(const DistroPlace&)> deed) {
  const std::string id = params.uuid("distro");
  services.locks.acquire(id, [&services, id, reply, deed = std::move(deed)](const DistroLocks::Token& token) {
    const auto distro = services.distros.find(id);
    if (!distro) return reply.fail(Failure(Code::invalidState, "the distribution is not running"));
    const auto work = [deed, pid = distro->pid] {
      deed({pid, Jobs::firstKept});
      return Json::object();
    };
    services.jobs.start(work, [reply, token](const rpc::Answer& answer) { reply.finish(answer); },
                        {distro->pidfd.get()});
  });
}

}  // namespace

void addFilesMethods(rpc::Methods& methods, Services& services) {
  methods["files.mount"] = [&](const Params&, const rpc::Reply& reply) { services.hostFiles.mount(reply); };
  methods["files.replay"] = [&](const Params& params, const rpc::Reply& reply) {
    const auto events = parseReplay(params);
    // Not the mount's own lock: a server that does not answer is cut off by files.mount.
    services.locks.acquire("files.replay", [&services, events, reply](const DistroLocks::Token& token) {
      const auto work = [events] {
        replay(events);
        return Json::object();
      };
      services.jobs.start(work, [reply, token](const rpc::Answer& answer) { reply.finish(answer); });
    });
  };
  methods["files.watched"] = [&](const Params&, const rpc::Reply& reply) {
    const auto work = [] { return Json{{"qidPaths", watchedHostFiles()}}; };
    services.jobs.start(work, [reply](const rpc::Answer& answer) { reply.finish(answer); });
  };
  methods["distro.mount"] = [&](const Params& params, const rpc::Reply& reply) {
    const DistroMountRequest request{params.text("source"), params.text("target"), params.boolean("readOnly")};
    checkMountSource(request.source);
    checkMountTarget(request.target);
    withDistro(services, params, reply, [request](const DistroPlace& distro) { mountInDistro(distro, request); });
  };
  methods["distro.unmount"] = [&](const Params& params, const rpc::Reply& reply) {
    const std::string target = params.text("target");
    checkMountTarget(target);
    withDistro(services, params, reply, [target](const DistroPlace& distro) { unmountInDistro(distro, target); });
  };
}

}  // namespace tswsl
