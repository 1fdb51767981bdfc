#include "base/loop.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/clock.h"
#include "base/failure.h"

namespace tswsl {

Loop::Watch& Loop::Watch::operator=(Watch&& other) noexcept {
  if (this != &other) {
    reset();
    loop_ = std::exchange(other.loop_, nullptr);
    id_ = other.id_;
  }
  return *this;
}

void Loop::Watch::reset() {
  Loop* loop = std::exchange(loop_, nullptr);
  if (loop == nullptr) return;
  const auto it = loop->watches_.find(id_);
  if (it == loop->watches_.end()) return;
  ::epoll_ctl(loop->epoll_.get(), EPOLL_CTL_DEL, it->second->fd, nullptr);
  // The callback may own this very watch: it goes last.
  const auto last = std::move(it->second);
  loop->watches_.erase(it);
}

Loop::Timer& Loop::Timer::operator=(Timer&& other) noexcept {
  if (this != &other) {
    reset();
    loop_ = std::exchange(other.loop_, nullptr);
    key_ = other.key_;
  }
  return *this;
}

void Loop::Timer::reset() {
  Loop* loop = std::exchange(loop_, nullptr);
  if (loop != nullptr) loop->timers_.erase(key_);
}

Loop::Loop() : epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")) {}

Loop::~Loop() {
  const auto watches = std::move(watches_);
  watches_.clear();
  const auto timers = std::move(timers_);
  timers_.clear();
  const auto posted = std::move(posted_);
  posted_.clear();
}

Loop::Watch Loop::watch(int fd, uint32_t events, std::function<void(uint32_t)> callback) {
  const uint64_t id = nextId_++;
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  checked(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
  watches_.emplace(id, std::make_shared<Watched>(Watched{fd, std::move(callback)}));
  return {this, id};
}

Loop::Timer Loop::after(std::chrono::milliseconds delay, std::function<void()> callback) {
  const TimerKey key{monotonicMillis() + delay.count(), nextId_++};
  timers_.emplace(key, std::move(callback));
  return {this, key};
}

void Loop::post(std::function<void()> task) { posted_.push_back(std::move(task)); }

int Loop::timeout(int limit) const {
  if (!posted_.empty()) return 0;
  if (timers_.empty()) return limit;
  const int64_t wait = std::clamp<int64_t>(timers_.begin()->first.first - monotonicMillis(), 0, 1'000'000);
  return limit < 0 ? static_cast<int>(wait) : std::min(limit, static_cast<int>(wait));
}

void Loop::runPosted() {
  // Only those that are there now: a task that posts itself again must not starve the descriptors.
  for (size_t count = posted_.size(); count > 0; --count) {
    const auto task = std::move(posted_.front());
    posted_.pop_front();
    task();
  }
}

void Loop::runTimers() {
  const int64_t now = monotonicMillis();
  while (!timers_.empty() && timers_.begin()->first.first <= now) {
    const auto callback = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    callback();
  }
}

void Loop::turn(int limit) {
  std::array<epoll_event, 64> events{};
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), timeout(limit));
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<size_t>(i)];
    const auto it = watches_.find(event.data.u64);
    if (it == watches_.end()) continue;
    // A copy keeps the callback alive while it drops its own watch.
    const auto watched = it->second;
    watched->callback(event.events);
  }
  runTimers();
  runPosted();
}

void Loop::run() {
  running_ = true;
  while (running_) turn();
}

}  // namespace tswsl
