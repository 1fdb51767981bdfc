#pragma once

#include <optional>
#include <string>

namespace tswsl {

/** Device path of the virtio-serial port of that name. */
std::optional<std::string> findVirtioPort(const std::string& name);

}  // namespace tswsl
