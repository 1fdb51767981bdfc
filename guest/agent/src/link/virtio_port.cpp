#include "link/virtio_port.h"

#include "base/files.h"

namespace tswsl {

std::optional<std::string> findVirtioPort(const std::string& name) {
  constexpr const char* ports = "/sys/class/virtio-ports";
  for (const auto& port : listDirectory(ports)) {
    if (readFile(std::string(ports) + "/" + port + "/name") == name + "\n") return "/dev/" + port;
  }
  return std::nullopt;
}

}  // namespace tswsl
