#pragma once

namespace tswsl {

/** A port that the host connects to: an HvSocket listener of that number, or the virtio-serial port of that name. */
struct ServicePort {
  unsigned number;
  /** The number in Hyper-V's template of service GUIDs. */
  const char* service;
};

/** AGENT_PORT and FILES_PORT of src/protocol/guest.ts. */
inline constexpr ServicePort agentPort{0x7473, "00007473-facb-11e6-bd58-64006a7986d3"};
inline constexpr ServicePort filesPort{0x7474, "00007474-facb-11e6-bd58-64006a7986d3"};

}  // namespace tswsl
