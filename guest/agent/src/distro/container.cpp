#include "distro/container.h"

#include <charconv>

#include "base/files.h"
#include "base/log.h"
#include "base/paths.h"
#include "distro/bundle.h"
#include "distro/cgroup.h"
#include "distro/rooted_files.h"
#include "process/program.h"
#include "store/layout.h"

namespace tswsl {
namespace {

constexpr size_t maxCrunLog = 2000;

std::vector<std::string> crun(const std::string& distro) {
  return {"crun", "--root", paths::crunState, "--cgroup-manager=cgroupfs",
          "--log=file:" + bundlePath(distro) + "/crun.log"};
}

pid_t runContainer(const std::string& distro) {
  const std::string bundle = bundlePath(distro);
  auto command = crun(distro);
  for (const auto& argument :
       {std::string("run"), std::string("--detach"), "--bundle=" + bundle, "--pid-file=" + bundle + "/pid", distro}) {
    command.push_back(argument);
  }
  const ExitStatus status = runDetached(command);
  if (!status.success()) {
    const std::string reason = readFile(bundle + "/crun.log", maxCrunLog).value_or("");
    throw Failure(Code::internal, "crun failed with status " + std::to_string(status.shellStatus()) + ": " + reason,
                  "look at the VM's console with `tswsl logs`");
  }
  const std::string text = readFile(bundle + "/pid").value_or("");
  pid_t pid = -1;
  std::from_chars(text.data(), text.data() + text.size(), pid);
  if (pid <= 0) throw Failure(Code::internal, "crun reported no process");
  return pid;
}

/** Programs for the distro that are roles of ours, by the name they are called. What the distro has itself stays. */
constexpr const char* tools[] = {"/sbin/mount.drvfs", "/bin/wslpath"};

template <typename Deed>
void attempt(const char* what, const Deed& deed) {
  try {
    deed();
  } catch (const Failure& failure) {
    log(std::string("cleaning up the ") + what + ": " + failure.what());
  }
}

}  // namespace

pid_t createContainer(const StartRequest& request) {
  const std::string& distro = request.distro;
  const std::string root = rootOf(distroPath(distro));
  if (!pathExists(root)) throw Failure(Code::notFound, "the store has no distribution " + distro);
  const Json config = completeConfig(request.config, distro);
  const RootedFiles files(root);
  for (const auto& file : request.files) files.write(file.path, file.content, file.mode);
  for (const char* tool : tools) files.linkIfAbsent(tool, paths::distroInit);
  createGroups(distro);
  setLimits(distroGroup(distro), request.limits);
  createDistroNetwork(distro, request.network);
  makeDirectories(bundlePath(distro));
  writeFile(bundlePath(distro) + "/config.json", dumpJson(config));
  const pid_t pid = runContainer(distro);
  createCommandsGroup(distro);
  return pid;
}

void removeContainer(const std::string& distro) {
  attempt("container", [&] {
    if (!pathExists(std::string(paths::crunState) + "/" + distro)) return;
    auto command = crun(distro);
    for (const auto& argument : {std::string("delete"), std::string("--force"), distro}) command.push_back(argument);
    runDetached(command);
    removeTree(std::string(paths::crunState) + "/" + distro);
  });
  attempt("network", [&] { removeDistroNetwork(distro); });
  attempt("cgroups", [&] { removeGroups(distro); });
  attempt("bundle", [&] { removeTree(bundlePath(distro)); });
}

}  // namespace tswsl
