#include "distro/distros.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"
#include "distro/bundle.h"
#include "distro/cgroup.h"
#include "distro/container.h"

namespace tswsl {
namespace {

void signalTo(const RunningDistro& distro, int number) {
  // By descriptor: the number may be another's by now.
  ::syscall(SYS_pidfd_send_signal, distro.pidfd.get(), number, nullptr, 0);
}

}  // namespace

Distros::Distros(Loop& loop, Reaper& reaper, Jobs& jobs, DistroLocks& locks)
    : loop_(loop), reaper_(reaper), jobs_(jobs), locks_(locks) {}

std::shared_ptr<RunningDistro> Distros::find(const std::string& distro) const {
  const auto it = running_.find(distro);
  const bool usable = it != running_.end() && it->second->pid > 0 && !it->second->stopping && !it->second->exit;
  return usable ? it->second : nullptr;
}

Json Distros::list() const {
  Json running = Json::array();
  for (const auto& [id, distro] : running_) {
    if (distro->pid > 0)
      running.push_back({{"distro", id}, {"pid", distro->pid}, {"commands", distro->members.size()}});
  }
  return {{"running", running}};
}

void Distros::start(StartRequest request, const rpc::Reply& reply) {
  const std::string id = request.distro;
  locks_.acquire(id, [this, request = std::move(request), reply](const DistroLocks::Token& token) {
    create(request, reply, token);
  });
}

void Distros::create(const StartRequest& request, const rpc::Reply& reply, const DistroLocks::Token& token) {
  if (running_.contains(request.distro)) {
    return reply.fail(Failure(Code::invalidState, "the distribution is already running"));
  }
  const auto distro = std::make_shared<RunningDistro>();
  distro->id = request.distro;
  distro->stopSignal = stopSignal(request.config);
  running_[request.distro] = distro;
  jobs_.start([request] { return Json(createContainer(request)); },
              [=, this](const rpc::Answer& answer) { created(distro, answer, reply, token); });
}

void Distros::created(const Distro& distro, const rpc::Answer& answer, const rpc::Reply& reply,
                      const DistroLocks::Token& token) {
  std::optional<Failure> failure = answer.failure;
  if (!failure) {
    const auto pid = answer.result.get<pid_t>();
    // The result of a system call that makes descriptors fits an int.
    distro->pidfd = Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (distro->pidfd) distro->pid = pid;
    else failure = Failure(Code::internal, "the distribution's init ended at once", "look at its /sbin/init");
  }
  if (failure) {
    return cleanUp(distro, token, [this, distro, reply, failure] {
      forget(distro);
      reply.fail(*failure);
    });
  }
  log("distro " + distro->id + " runs as process " + std::to_string(distro->pid));
  reaper_.onExit(distro->pid, [this, distro](ExitStatus status) { initExited(distro, status); });
  reply.ok({{"pid", distro->pid}});
  if (distro->stopping) signalTo(*distro, SIGKILL);
}

void Distros::stop(const std::string& id, std::chrono::milliseconds grace, const rpc::Reply& reply) {
  const auto it = running_.find(id);
  if (it == running_.end()) return reply.ok();
  it->second->stopWaiters.push_back(reply);
  askToStop(it->second, grace);
}

void Distros::askToStop(const Distro& distro, std::chrono::milliseconds grace) {
  const bool again = std::exchange(distro->stopping, true);
  // One that is being made ends as soon as it is there.
  if (distro->pid < 0 || distro->exit) return;
  if (!again) signalTo(*distro, distro->stopSignal);
  distro->killTimer = loop_.after(grace, [distro = distro.get()] { signalTo(*distro, SIGKILL); });
}

void Distros::stopAll(std::chrono::milliseconds grace, const std::function<void()>& done) {
  // The waiter of each shares the duty; the last one to answer is the end.
  const std::shared_ptr<void> last(nullptr, [done](void*) { done(); });
  const auto all = running_;
  for (const auto& [id, distro] : all) stop(id, grace, rpc::Reply([last](const rpc::Answer&) {}));
}

void Distros::limit(const std::string& id, const DistroLimits& limits, const rpc::Reply& reply) {
  locks_.acquire(id, [this, id, limits, reply](const DistroLocks::Token& token) {
    if (!find(id)) return reply.ok();
    const auto work = [id, limits] {
      setLimits(distroGroup(id), limits);
      return Json::object();
    };
    jobs_.start(work, [reply, token](const rpc::Answer& answer) { reply.finish(answer); });
  });
}

void Distros::initExited(const Distro& distro, ExitStatus status) {
  log("distro " + distro->id + " ended with status " + std::to_string(status.shellStatus()));
  distro->exit = status;
  distro->killTimer.reset();
  // Told before the cleaning up: a start that follows waits for its end, a command sent to the dead would only fail.
  exited_(distro->id, status);
  const auto members = std::exchange(distro->members, {});
  for (const auto& [key, weak] : members) {
    if (const auto member = weak.lock()) member->distroStopped();
  }
  locks_.acquire(distro->id, [this, distro](const DistroLocks::Token& token) {
    cleanUp(distro, token, [this, distro] { forget(distro); });
  });
}

void Distros::cleanUp(const Distro& distro, const DistroLocks::Token& token, const std::function<void()>& then) {
  const auto work = [id = distro->id] {
    removeContainer(id);
    return Json();
  };
  jobs_.start(work, [then, token](const rpc::Answer&) { then(); });
}

void Distros::forget(const Distro& distro) {
  running_.erase(distro->id);
  for (const auto& waiter : std::exchange(distro->stopWaiters, {})) waiter.ok();
}

}  // namespace tswsl
