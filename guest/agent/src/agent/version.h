#pragma once

namespace tswsl {

/** The contract's version: the host refuses an agent of another. */
inline constexpr int protocolVersion = 1;
inline constexpr const char* agentVersion = TSWSL_VERSION;

}  // namespace tswsl
