#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/fd.h"
#include "base/json.h"
#include "base/loop.h"
#include "distro/lock.h"
#include "distro/start_request.h"
#include "process/job.h"
#include "process/reaper.h"
#include "rpc/reply.h"

namespace tswsl {

/** Something that lives in a distro and must know when that ends. */
class DistroMember {
 public:
  virtual ~DistroMember() = default;
  virtual void distroStopped() = 0;
};

/** A distro from the start of its init until everything of it is cleaned up. */
struct RunningDistro {
  std::string id;
  pid_t pid = -1;
  Fd pidfd;
  int stopSignal = 0;
  bool stopping = false;
  std::map<const DistroMember*, std::weak_ptr<DistroMember>> members;
  std::vector<rpc::Reply> stopWaiters;
  std::optional<ExitStatus> exit;
  Loop::Timer killTimer;
};

/** The distros that run: start, stop, and what follows when an init ends by itself. */
class Distros {
 public:
  using Exited = std::function<void(const std::string& distro, ExitStatus status)>;

  Distros(Loop& loop, Reaper& reaper, Jobs& jobs, DistroLocks& locks);

  void setExited(Exited exited) { exited_ = std::move(exited); }

  /** Answers when the init runs. */
  void start(StartRequest request, const rpc::Reply& reply);
  /** Answers when the distro is gone and cleaned up. Idempotent. */
  void stop(const std::string& distro, std::chrono::milliseconds grace, const rpc::Reply& reply);
  /** Answers when a running distro has these limits; one that does not run gets its own when it starts. */
  void limit(const std::string& distro, const DistroLimits& limits, const rpc::Reply& reply);
  /** Calls back when none runs any more. */
  void stopAll(std::chrono::milliseconds grace, const std::function<void()>& done);

  /** The distro while commands can be started in it; else nothing. */
  std::shared_ptr<RunningDistro> find(const std::string& distro) const;
  bool isRunning(const std::string& distro) const { return running_.contains(distro); }
  Json list() const;

 private:
  using Distro = std::shared_ptr<RunningDistro>;

  void create(const StartRequest& request, const rpc::Reply& reply, const DistroLocks::Token& token);
  void created(const Distro& distro, const rpc::Answer& answer, const rpc::Reply& reply,
               const DistroLocks::Token& token);
  void askToStop(const Distro& distro, std::chrono::milliseconds grace);
  void initExited(const Distro& distro, ExitStatus status);
  void cleanUp(const Distro& distro, const DistroLocks::Token& token, const std::function<void()>& then);
  void forget(const Distro& distro);

  Loop& loop_;
  Reaper& reaper_;
  Jobs& jobs_;
  DistroLocks& locks_;
  Exited exited_;
  std::map<std::string, Distro> running_;
};

}  // namespace tswsl
