#include "base/clock.h"

#include <ctime>

namespace tswsl {
namespace {

timespec now(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return time;
}

}  // namespace

int64_t bootMicros() {
  const timespec time = now(CLOCK_BOOTTIME);
  return time.tv_sec * 1'000'000LL + time.tv_nsec / 1000;
}

int64_t monotonicMillis() {
  const timespec time = now(CLOCK_MONOTONIC);
  return time.tv_sec * 1000LL + time.tv_nsec / 1'000'000;
}

bool waitUntil(const std::function<bool()>& ready, std::chrono::milliseconds limit,
               std::chrono::milliseconds interval) {
  const int64_t end = monotonicMillis() + limit.count();
  while (!ready()) {
    if (monotonicMillis() >= end) return false;
    timespec pause{interval.count() / 1000, (interval.count() % 1000) * 1'000'000};
    ::nanosleep(&pause, nullptr);
  }
  return true;
}

}  // namespace tswsl
