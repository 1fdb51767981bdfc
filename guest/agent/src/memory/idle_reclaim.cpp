#include "memory/idle_reclaim.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "base/clock.h"
#include "base/files.h"
#include "base/log.h"
#include "base/paths.h"

namespace tswsl {
namespace {

/** IdleCache::quietTicks is meant for this. */
constexpr std::chrono::seconds interval{10};

int64_t cachedNow() { return cachedBytesOf(readFile("/proc/meminfo").value_or("")).value_or(0); }

std::optional<int64_t> busyNow() { return busyTicksOf(readFile("/proc/stat").value_or("")); }

/**
 * In steps: asked for a gigabyte at once, Linux 6.1 takes nearly all that there is, since it sizes its scans for the
 * whole. A step that falls short is the last.
 */
void reclaimDownTo(int64_t target) {
  constexpr int64_t step = 32LL << 20;
  // The root's is for all groups: the agent's helpers and the remains of distros that have ended are among them.
  const std::string file = std::string(paths::cgroups) + "/memory.reclaim";
  // Counted down too: what somebody reads meanwhile must not keep this going.
  for (int64_t rest = cachedNow() - target; rest > 0 && cachedNow() > target; rest -= step) {
    if (!poke(file, std::to_string(std::min(rest, step)))) return;
  }
}

/** Blocks. What is in use stays, and is no failure. Answers with the bytes that are still cached. */
Json giveBack() {
  ::setpriority(PRIO_PROCESS, 0, 19);
  // What is not written out yet cannot be reclaimed.
  ::sync();
  const int64_t before = cachedNow();
  const int64_t started = monotonicMillis();
  reclaimDownTo(IdleCache::floorBytes);
  const int64_t left = cachedNow();
  const int64_t reclaimed = monotonicMillis();
  // Only free blocks of 2 MiB are reported to the host (pageblock_order): what is free is put together.
  poke("/proc/sys/vm/compact_memory", "1");
  log("idle: " + std::to_string((before - left) >> 20) + " MiB of cached files given up in " +
      std::to_string(reclaimed - started) + " ms, free memory compacted in " +
      std::to_string(monotonicMillis() - reclaimed) + " ms");
  return {{"left", left}};
}

}  // namespace

void IdleReclaim::wait() {
  timer_ = loop_.after(interval, [this] { look(); });
}

void IdleReclaim::look() {
  if (!cache_.isDue(cachedNow(), busyNow)) return wait();
  jobs_.start(giveBack, [this](const rpc::Answer& answer) {
    // A helper that died is not tried again on the same cache either.
    cache_.reclaimed(answer.failure ? cachedNow() : answer.result["left"].get<int64_t>());
    wait();
  });
}

}  // namespace tswsl
