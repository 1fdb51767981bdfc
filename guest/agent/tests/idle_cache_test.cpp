#include "memory/idle_cache.h"

#include "harness.h"

using namespace tswsl;

namespace {

constexpr int64_t mib = 1 << 20;
constexpr int64_t much = 1024 * mib;

/** A machine whose processors work a given time between two samples. */
struct Machine {
  bool sample(int64_t cachedBytes, int64_t ticks) {
    busy += ticks;
    return cache.isDue(cachedBytes, [this] {
      ++asked;
      return std::optional(busy);
    });
  }

  /** How many quiet samples it takes until it is due; -1: more than ten. */
  int quietUntilDue(int64_t cachedBytes) {
    for (int count = 1; count <= 10; ++count) {
      if (sample(cachedBytes, 0)) return count;
    }
    return -1;
  }

  IdleCache cache;
  int64_t busy = 5000;
  int asked = 0;
};

}  // namespace

TEST("idle cache: due after three quiet intervals") {
  Machine machine;
  CHECK(!machine.sample(much, 0));
  CHECK(!machine.sample(much, IdleCache::quietTicks));
  CHECK(!machine.sample(much, IdleCache::quietTicks));
  CHECK(machine.sample(much, IdleCache::quietTicks));
}

TEST("idle cache: work in between begins the count anew") {
  Machine machine;
  for (int round = 0; round < 5; ++round) {
    CHECK(!machine.sample(much, IdleCache::quietTicks + 1));
    CHECK(!machine.sample(much, 0));
    CHECK(!machine.sample(much, 0));
  }
  CHECK_EQ(machine.quietUntilDue(much), 1);
}

TEST("idle cache: a small one stays, and processor time is not even asked for") {
  Machine machine;
  CHECK_EQ(machine.quietUntilDue(IdleCache::floorBytes + IdleCache::worthBytes - 1), -1);
  CHECK_EQ(machine.asked, 0);
  CHECK_EQ(machine.quietUntilDue(IdleCache::floorBytes + IdleCache::worthBytes), 4);
}

TEST("idle cache: once, until it has grown again") {
  Machine machine;
  CHECK_EQ(machine.quietUntilDue(much), 4);
  machine.cache.reclaimed(IdleCache::floorBytes);
  CHECK_EQ(machine.quietUntilDue(IdleCache::floorBytes + mib), -1);
  CHECK_EQ(machine.quietUntilDue(much), 4);
}

TEST("idle cache: what could not be reclaimed is not tried again, but what comes on top of it is") {
  Machine machine;
  CHECK_EQ(machine.quietUntilDue(much), 4);
  machine.cache.reclaimed(much - mib);
  CHECK_EQ(machine.quietUntilDue(much - mib), -1);
  CHECK_EQ(machine.quietUntilDue(much - mib + IdleCache::worthBytes), 4);
  machine.cache.reclaimed(much);
  // It has become less by itself: that is what growth is measured against from now on.
  CHECK(!machine.sample(much / 2, 0));
  CHECK_EQ(machine.quietUntilDue(much / 2 + IdleCache::worthBytes), 4);
}

TEST("idle cache: without the processors' times nothing is reclaimed") {
  IdleCache cache;
  for (int count = 0; count < 10; ++count) CHECK(!cache.isDue(much, [] { return std::optional<int64_t>(); }));
}

TEST("idle cache: the kernel's files") {
  const std::string meminfo =
      "MemTotal:       12037048 kB\nCached:          1066820 kB\nActive:            10000 kB\n"
      "Inactive:        1056000 kB\nActive(file):       9108 kB\nInactive(file):  1055448 kB\n"
      "KReclaimable:       9999 kB\nSReclaimable:       3128 kB\n";
  CHECK_EQ(*cachedBytesOf(meminfo), (9108LL + 1055448 + 3128) * 1024);
  const std::string stat = "cpu  286 1 6528 3868 395 2 185 3 7 8\ncpu0 1 1 1 1 1 1 1 1 1 1\n";
  CHECK_EQ(*busyTicksOf(stat), 286 + 1 + 6528 + 395 + 2 + 185 + 3);
  for (const char* bad : {"", "\nActive(file): x kB\n", "\nActive(file): 1 kB\nInactive(file): 2 kB\n"}) {
    CHECK(!cachedBytesOf(bad));
  }
  for (const char* bad : {"", "cpu", "cpu  1 2 3\n4 5 6 7 8", "cpu  1 2 3 4 5 6 7 x", "cpu  1 2 3 4 5 6 7 -8"}) {
    CHECK(!busyTicksOf(bad));
  }
}
