#include "distro/limits.h"

#include <charconv>

#include "base/files.h"

namespace tswsl {
namespace {

constexpr int64_t cpuPeriodMicros = 100'000;
/** The kernel takes no smaller quota. */
constexpr int64_t minCpuMicros = 1000;
constexpr int64_t maxNumber = int64_t{1} << 53;
constexpr const char* none = "max";

std::string written(std::optional<int64_t> limit) { return limit ? std::to_string(*limit) : none; }

/** A controller that the kernel does not have limits nothing, which is only wrong when a limit is wanted. */
void setLimit(const std::string& file, bool wanted, const std::string& value) {
  if (!wanted && !pathExists(file)) return;
  if (!poke(file, value)) failErrno("cannot write " + value + " to " + file);
}

std::optional<int64_t> number(const std::string& text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end != text.data() ? std::optional(value) : std::nullopt;
}

/** Writing memory.high reclaims as writing memory.max does, but does not kill where that is not enough. */
void makeRoom(const std::string& group, int64_t bytes) {
  const auto used = [&] { return number(readFile(group + "/memory.current").value_or("")).value_or(0); };
  if (used() <= bytes) return;
  poke(group + "/memory.high", std::to_string(bytes));
  const int64_t still = used();
  poke(group + "/memory.high", none);
  if (still <= bytes) return;
  throw Failure(Code::invalidState,
                "the distribution uses " + std::to_string(still >> 20) + " MiB now, more than the new limit",
                "end what uses it, or stop the distribution first: tswsl terminate NAME");
}

}  // namespace

DistroLimits parseLimits(const Params& params) {
  return {params.integerOrNull("memoryBytes", 1, maxNumber), params.integerOrNull("cpuMicros", minCpuMicros, maxNumber),
          params.integerOrNull("pids", 1, maxNumber)};
}

void setLimits(const std::string& group, const DistroLimits& limits) {
  const auto& [memory, cpu, pids] = limits;
  if (memory) makeRoom(group, *memory);
  setLimit(group + "/memory.max", memory.has_value(), written(memory));
  setLimit(group + "/cpu.max", cpu.has_value(), written(cpu) + " " + std::to_string(cpuPeriodMicros));
  setLimit(group + "/pids.max", pids.has_value(), written(pids));
}

int64_t memoryKills(const std::string& group) {
  constexpr std::string_view key = "\noom_kill ";
  const std::string events = "\n" + readFile(group + "/memory.events").value_or("");
  const size_t at = events.find(key);
  return at == std::string::npos ? 0 : number(events.substr(at + key.size())).value_or(0);
}

std::optional<int64_t> memoryLimit(const std::string& group) {
  return number(readFile(group + "/memory.max").value_or(""));
}

}  // namespace tswsl
