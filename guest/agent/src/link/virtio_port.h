#pragma once

#include <optional>
#include <string>

namespace tswsl {

/** The port is named after the HvSocket service of AGENT_PORT (src/protocol/guest.ts): 0x7473 in Hyper-V's template. */
inline constexpr const char* agentService = "00007473-facb-11e6-bd58-64006a7986d3";

/** Device path of the virtio-serial port of that name. */
std::optional<std::string> findVirtioPort(const std::string& name);

}  // namespace tswsl
