#include "distro/bundle.h"

#include <signal.h>

#include "base/paths.h"
#include "distro/cgroup.h"
#include "net/distro_network.h"
#include "rpc/params.h"
#include "store/layout.h"

namespace tswsl {
namespace {

Json& objectIn(Json& parent, const char* name) {
  Json& value = parent[name];
  if (value.is_null()) value = Json::object();
  if (!value.is_object()) throw InvalidParams(std::string("config.") + name + " must be an object");
  return value;
}

void setNetworkNamespace(Json& linux, const std::string& path) {
  Json& namespaces = linux["namespaces"];
  if (namespaces.is_null()) namespaces = Json::array();
  if (!namespaces.is_array()) throw InvalidParams("config.linux.namespaces must be an array");
  for (auto& entry : namespaces) {
    if (!entry.is_object() || entry.value("type", Json()) != "network") continue;
    entry["path"] = path;
    return;
  }
  namespaces.push_back({{"type", "network"}, {"path", path}});
}

}  // namespace

std::string bundlePath(const std::string& distro) { return std::string(paths::bundles) + "/" + distro; }

Json completeConfig(Json config, const std::string& distro) {
  objectIn(config, "root")["path"] = rootOf(distroPath(distro));
  Json& linux = objectIn(config, "linux");
  linux["cgroupsPath"] = initGroup(distro);
  setNetworkNamespace(linux, namespacePath(distro));
  return config;
}

int stopSignal(const Json& config) {
  const Json* process = config.contains("process") ? &config["process"] : nullptr;
  const Json* args =
      process != nullptr && process->is_object() && process->contains("args") ? &(*process)["args"] : nullptr;
  const bool named = args != nullptr && args->is_array() && !args->empty() && args->front().is_string();
  // Halt, in the language of systemd(1) and of sysvinit in containers.
  const int halt = SIGRTMIN + 3;
  return !named || args->front() == paths::distroInit ? SIGTERM : halt;
}

}  // namespace tswsl
