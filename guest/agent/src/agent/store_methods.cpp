#include <chrono>

#include "agent/methods.h"
#include "base/log.h"
#include "boot/scsi_disk.h"
#include "distro/inspect.h"
#include "store/deeds.h"
#include "store/disk.h"
#include "store/layout.h"

namespace tswsl {
namespace {

constexpr std::chrono::seconds diskLimit{15};

Json usage() {
  const StoreUsage store = storeUsage();
  return {{"total", store.total}, {"free", store.free}};
}

bool attached() {
  try {
    storeUsage();
    return true;
  } catch (const Failure&) {
    return false;
  }
}

Json attach(int lun, bool format) {
  if (!attached()) mountStore(awaitScsiDisk(lun, diskLimit), format);
  Json answer = usage();
  answer["distros"] = listDistros();
  return answer;
}

Json removeLeftovers(const std::vector<std::string>& directories) {
  for (const auto& directory : directories) {
    log("removing what an interrupted deed has left: " + directory);
    removeDirectory(directory);
  }
  return Json::object();
}

using Deed = void (*)(const std::string& distro);

/** A method that does one deed of the store to one distro that does not run, after those that came before it. */
rpc::Handler deedMethod(Services& services, Deed deed) {
  return [&services, deed](const Params& params, const rpc::Reply& reply) {
    const std::string distro = params.uuid("distro");
    services.locks.acquire(distro, [&services, deed, distro, reply](const DistroLocks::Token& token) {
      if (services.distros.isRunning(distro)) {
        return reply.fail(
            Failure(Code::invalidState, "the distribution is running", "stop it with `tswsl --terminate`"));
      }
      const auto work = [deed, distro] {
        deed(distro);
        return Json::object();
      };
      services.jobs.start(work, [reply, token](const rpc::Answer& answer) { reply.finish(answer); });
    });
  };
}

void onAttached(Services& services, const rpc::Answer& answer, const rpc::Reply& reply) {
  if (!answer.failure) {
    services.stages.reached("storeAttached");
    // Named now, removed later: what is created from here on is not among them.
    const auto leftovers = services.leftoversRemoved ? std::vector<std::string>() : listLeftovers();
    services.leftoversRemoved = true;
    if (!leftovers.empty())
      services.jobs.start([leftovers] { return removeLeftovers(leftovers); }, [](const rpc::Answer&) {});
  }
  reply.finish(answer);
}

}  // namespace

void addStoreMethods(rpc::Methods& methods, Services& services) {
  methods["store.attach"] = [&](const Params& params, const rpc::Reply& reply) {
    const auto lun = static_cast<int>(params.integer("lun", 1, maxScsiLun));
    const bool format = params.boolean("format");
    services.locks.acquire("store", [&services, lun, format, reply](const DistroLocks::Token& token) {
      services.jobs.start(
          [lun, format] { return attach(lun, format); },
          [&services, reply, token](const rpc::Answer& answer) { onAttached(services, answer, reply); });
    });
  };
  methods["store.usage"] = [&](const Params&, const rpc::Reply& reply) {
    services.jobs.start(usage, [reply](const rpc::Answer& answer) { reply.finish(answer); });
  };
  methods["distro.create"] = deedMethod(services, createDistro);
  methods["distro.commit"] = deedMethod(services, commitDistro);
  methods["distro.delete"] = deedMethod(services, deleteDistro);
  methods["distro.inspect"] = [&](const Params& params, const rpc::Reply& reply) {
    const std::string distro = params.uuid("distro");
    services.jobs.start([distro] { return inspectDistro(distro); },
                        [reply](const rpc::Answer& answer) { reply.finish(answer); });
  };
}

}  // namespace tswsl
