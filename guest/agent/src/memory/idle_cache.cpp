#include "memory/idle_cache.h"

#include <algorithm>
#include <charconv>

namespace tswsl {
namespace {

/** Takes a number and the blanks before it off the text. */
std::optional<int64_t> takeNumber(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value < 0) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return value;
}

}  // namespace

bool IdleCache::isDue(int64_t cachedBytes, const std::function<std::optional<int64_t>()>& busyTicks) {
  left_ = std::min(left_, cachedBytes);
  const int64_t base = std::max(floorBytes, left_);
  const auto busy = cachedBytes - base < worthBytes ? std::nullopt : busyTicks();
  const auto before = busyBefore_;
  busyBefore_ = busy;
  const bool quiet = busy && before && *busy - *before <= quietTicks;
  quiet_ = quiet ? quiet_ + 1 : 0;
  if (quiet_ < quietSamples) return false;
  quiet_ = 0;
  return true;
}

std::optional<int64_t> cachedBytesOf(std::string_view meminfo) {
  int64_t kib = 0;
  for (const std::string_view name : {"\nActive(file):", "\nInactive(file):", "\nSReclaimable:"}) {
    const size_t at = meminfo.find(name);
    if (at == std::string_view::npos) return std::nullopt;
    std::string_view rest = meminfo.substr(at + name.size());
    const auto value = takeNumber(rest);
    if (!value) return std::nullopt;
    kib += *value;
  }
  return kib * 1024;
}

std::optional<int64_t> busyTicksOf(std::string_view stat) {
  if (!stat.starts_with("cpu ")) return std::nullopt;
  std::string_view rest = stat.substr(4, stat.find('\n') - 4);
  // user nice system idle iowait irq softirq steal; what follows is in user already: proc(5).
  constexpr int idle = 3;
  int64_t busy = 0;
  for (int column = 0; column < 8; ++column) {
    const auto value = takeNumber(rest);
    if (!value) return std::nullopt;
    if (column != idle) busy += *value;
  }
  return busy;
}

}  // namespace tswsl
