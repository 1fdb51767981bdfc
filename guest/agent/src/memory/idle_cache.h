#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace tswsl {

/** Decides from samples, taken at even intervals, when cached files are to go. Does no I/O. */
class IdleCache {
 public:
  /** What stays: about what distros begin with, so that the next command after a pause finds it. */
  static constexpr int64_t floorBytes = 128LL << 20;
  /** Less than this is not worth a reclaim. */
  static constexpr int64_t worthBytes = 64LL << 20;
  /** A tenth of one processor during an interval of 10 s. An idle machine under emulation uses a third of that. */
  static constexpr int64_t quietTicks = 100;
  static constexpr int quietSamples = 3;

  /**
   * True when the cache is to go down to the floor now. `busyTicks` is asked only when enough is cached. After
   * a reclaim only a cache that has grown since is due: what cannot be reclaimed is not tried for ever.
   */
  bool isDue(int64_t cachedBytes, const std::function<std::optional<int64_t>()>& busyTicks);

  /** What a reclaim has left. */
  void reclaimed(int64_t cachedBytes) { left_ = cachedBytes; }

 private:
  int64_t left_ = 0;
  int quiet_ = 0;
  std::optional<int64_t> busyBefore_;
};

/** Bytes that the kernel could give up without swapping: /proc/meminfo's file pages and slabs. A tmpfs is not in it. */
std::optional<int64_t> cachedBytesOf(std::string_view meminfo);

/** Time that processors have worked or waited for a disk, in ticks of 10 ms, from /proc/stat. */
std::optional<int64_t> busyTicksOf(std::string_view stat);

}  // namespace tswsl
