#include "agent/files_opener.h"

#include "base/paths.h"
#include "distro/cgroup.h"
#include "exec/exec_request.h"
#include "exec/launch.h"
#include "files/files_stream.h"
#include "rpc/params.h"

namespace tswsl {
namespace {

constexpr size_t maxUser = 256;

/**
 * diod of the system image, which the distro sees. The distro has not the libraries, perhaps not even the loader, that
 * it needs: so the image's loader starts it. It reads no configuration and no user database (-N): the kernel knows the
 * process by its numbers, and its groups come with it.
 */
ExecRequest serverCommand(const std::string& distro, const std::string& user) {
  const std::string image = paths::systemInDistro;
  const std::string libraries = image + "/usr/lib/x86_64-linux-gnu";
  ExecRequest request;
  request.distro = distro;
  request.user = user;
  request.cwd = "/";
  request.argv = {libraries + "/ld-linux-x86-64.so.2",
                  "--inhibit-cache",
                  "--library-path",
                  libraries,
                  image + "/usr/sbin/diod",
                  "-c",
                  "/dev/null",
                  "-f",
                  "-n",
                  "-N",
                  "-e",
                  "/",
                  "-r",
                  "0",
                  "-w",
                  "1",
                  "-L",
                  "stderr"};
  return request;
}

}  // namespace

std::shared_ptr<yamux::StreamHandler> serveFiles(Services& services, std::shared_ptr<yamux::Stream> stream,
                                                 const Json& header) {
  const Params params(header);
  const ExecRequest request = serverCommand(params.uuid("distro"), params.text("user", maxUser));
  const auto distro = services.distros.find(request.distro);
  if (!distro) throw Failure(Code::invalidState, "the distribution is not running", "start a command in it");
  const auto files = std::make_shared<FilesStream>(services.loop, services.reaper, std::move(stream));
  files->join(distro);
  try {
    launchCommand(services.loop, request, {distro->pidfd.get(), {commandsGroup(distro->id)}},
                  [files](LaunchResult result) {
                    if (auto* launched = std::get_if<Launched>(&result)) files->started(std::move(*launched));
                    else files->fail(std::get<Failure>(result));
                  });
  } catch (const Failure& failure) {
    files->fail(failure);
  }
  return files;
}

}  // namespace tswsl
