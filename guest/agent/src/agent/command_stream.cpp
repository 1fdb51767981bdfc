#include "agent/command_stream.h"

#include <signal.h>

#include "distro/cgroup.h"
#include "distro/limits.h"
#include "exec/exec_request.h"
#include "exec/launch.h"
#include "exec/process_stream.h"
#include "store/import.h"

namespace tswsl {
namespace {

/**
 * A kernel that ends a distro kills its commands first. A command killed by nobody we know of waits so long for the
 * news that its distro has ended, which is then what is reported.
 */
constexpr std::chrono::milliseconds causeDelay{50};

/** Why processes of a distro were killed, for the user who wonders where they went. */
Json killsReport(const std::string& group, int64_t kills) {
  const auto limit = memoryLimit(group);
  const std::string what =
      "the kernel ended " + std::to_string(kills) + (kills == 1 ? " process" : " processes") + " for want of memory: ";
  const std::string why = limit ? "the distribution's limit is " + std::to_string(*limit >> 20) +
                                      " MiB (raise it with: tswsl set NAME --memory SIZE)"
                                : "the virtual machine has no more (give it more with: tswsl set --memory SIZE)";
  return {{"phase", "Running"}, {"warning", what + why}};
}

Failure stoppedFailure(const RunningDistro& distro) {
  const char* again = "the next command starts it again";
  if (distro.stopping) return Failure(Code::disconnected, "the distribution was stopped", again);
  const auto status = distro.exit.value_or(ExitStatus{true, SIGKILL});
  const std::string how = status.signalled ? "was killed by signal " : "ended with status ";
  return Failure(Code::disconnected,
                 "the distribution died: its init (process 1) " + how + std::to_string(status.value), again);
}

/** A command's stream as a member of its distro. */
class Command : public ProcessStream, public DistroMember {
 public:
  using ProcessStream::ProcessStream;

  void join(Loop& loop, const std::shared_ptr<RunningDistro>& distro) {
    // The shared pointer of the base is the same object.
    const auto self = std::static_pointer_cast<Command>(shared_from_this());
    distro->members[this] = self;
    distro_ = distro;
    killsBefore_ = memoryKills(distroGroup(distro->id));
    const auto exiting = [this, &loop, distro](ExitStatus status) {
      tellOfKills(*distro);
      return holdBack(loop, *distro, status);
    };
    setEvents({exiting, nullptr, [this, distro] { distro->members.erase(this); }});
  }

  void distroStopped() override { fail(stoppedFailure(*distro_)); }

 private:
  /** Killed are often not the command itself but its children, whose parents may go on: so whatever its status. */
  void tellOfKills(const RunningDistro& distro) {
    const std::string group = distroGroup(distro.id);
    const int64_t kills = memoryKills(group) - killsBefore_;
    if (kills > 0) sendFrame(frames::encode(frames::Type::progress, dumpJson(killsReport(group, kills))));
  }

  bool holdBack(Loop& loop, const RunningDistro& distro, ExitStatus status) {
    if (!status.signalled) return false;
    if (distro.stopping || distro.exit) {
      fail(stoppedFailure(distro));
      return true;
    }
    if (status.value != SIGKILL) return false;
    delay_ = loop.after(causeDelay, [this] { finishExit(); });
    return true;
  }

  int64_t killsBefore_ = 0;
  Loop::Timer delay_;
  std::shared_ptr<RunningDistro> distro_;
};

}  // namespace

std::shared_ptr<yamux::StreamHandler> startCommand(Services& services, std::shared_ptr<yamux::Stream> stream,
                                                   const Json& header) {
  const ExecRequest request = parseExecRequest(header);
  const auto distro = services.distros.find(request.distro);
  if (!distro) throw Failure(Code::invalidState, "the distribution is not running", "start the command again");
  const auto command = std::make_shared<Command>(services.loop, services.reaper, std::move(stream), request.channels);
  command->join(services.loop, distro);
  if (request.size) command->resizeTo(*request.size);
  Destination destination{distro->pidfd.get(), {}};
  if (request.cgroup) destination.cgroups.push_back(groupInDistro(distro->id, *request.cgroup));
  destination.cgroups.push_back(commandsGroup(distro->id));
  try {
    launchCommand(services.loop, request, destination, [command](LaunchResult result) {
      if (auto* launched = std::get_if<Launched>(&result)) command->started(std::move(*launched));
      else command->notStarted(std::get<Failure>(result));
    });
  } catch (const Failure& failure) {
    command->notStarted(failure);
  }
  return command;
}

std::shared_ptr<yamux::StreamHandler> startImport(Services& services, std::shared_ptr<yamux::Stream> stream,
                                                  const Json& header) {
  const ImportRequest request = parseImportRequest(header);
  const auto process = std::make_shared<ProcessStream>(services.loop, services.reaper, std::move(stream), Channels{});
  services.locks.acquire(request.distro, [process, request](const DistroLocks::Token& token) {
    process->setEvents({nullptr, [token] {}, nullptr});
    try {
      process->started(launchHelper([request] { return runImport(request); }));
    } catch (const Failure& failure) {
      process->notStarted(failure);
    }
  });
  return process;
}

}  // namespace tswsl
