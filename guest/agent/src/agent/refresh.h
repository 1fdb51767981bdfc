#pragma once

#include <cstdint>
#include <string>

namespace tswsl {

/** Sets the wall clock to µs since the epoch. Throws Failure. */
void stepClock(int64_t unixMicros);

/** Mixes base64 bytes into the kernel's pool, credits them and makes it use them. Throws Failure. */
void addEntropy(const std::string& base64);

}  // namespace tswsl
