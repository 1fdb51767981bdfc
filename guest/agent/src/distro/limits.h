#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "rpc/params.h"

namespace tswsl {

/** DistroLimits of the contract; what is not there is not limited. */
struct DistroLimits {
  std::optional<int64_t> memoryBytes;
  /** Microseconds of processor time in each 100 ms. */
  std::optional<int64_t> cpuMicros;
  std::optional<int64_t> pids;
};

/** Throws InvalidParams. */
DistroLimits parseLimits(const Params& params);

/**
 * Limits all that runs in a cgroup2 group and below it. Memory in use beyond its new limit is reclaimed; what cannot be
 * is a Failure `invalid-state` that leaves everything as it was, so that changing a limit never kills. Blocks.
 */
void setLimits(const std::string& group, const DistroLimits& limits);

/** Processes of a group that the kernel has killed for want of memory, the group's own or the machine's. */
int64_t memoryKills(const std::string& group);

/** A group's limit of memory in bytes, when it has one. */
std::optional<int64_t> memoryLimit(const std::string& group);

}  // namespace tswsl
