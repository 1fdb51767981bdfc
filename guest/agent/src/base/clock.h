#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace tswsl {

/** µs since the kernel started, suspend included. */
int64_t bootMicros();

/** ms of a clock that only goes forward. */
int64_t monotonicMillis();

/**
 * Blocks until `ready` says true, asking every `interval`; false when `limit` has passed first. Only for the boot and
 * for helper processes: the agent's loop never blocks.
 */
bool waitUntil(const std::function<bool()>& ready, std::chrono::milliseconds limit,
               std::chrono::milliseconds interval = std::chrono::milliseconds(5));

}  // namespace tswsl
