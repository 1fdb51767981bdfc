#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>

#include "base/fd.h"

namespace tswsl {

/**
 * The one event loop: descriptors, timers and deferred calls, all on one thread. Callbacks never block. A watch or a
 * timer may be dropped at any moment, also from inside its own callback; it is not called afterwards. The loop must
 * outlive what it handed out.
 */
class Loop {
  struct Watched {
    int fd;
    std::function<void(uint32_t)> callback;
  };
  using TimerKey = std::pair<int64_t, uint64_t>;

 public:
  /** A registration; destroying it ends it. */
  class Watch {
   public:
    Watch() = default;
    Watch(Loop* loop, uint64_t id) : loop_(loop), id_(id) {}
    Watch(Watch&& other) noexcept : loop_(std::exchange(other.loop_, nullptr)), id_(other.id_) {}
    Watch& operator=(Watch&& other) noexcept;
    ~Watch() { reset(); }
    void reset();
    explicit operator bool() const { return loop_ != nullptr; }

   private:
    Loop* loop_ = nullptr;
    uint64_t id_ = 0;
  };

  class Timer {
   public:
    Timer() = default;
    Timer(Loop* loop, TimerKey key) : loop_(loop), key_(key) {}
    Timer(Timer&& other) noexcept : loop_(std::exchange(other.loop_, nullptr)), key_(other.key_) {}
    Timer& operator=(Timer&& other) noexcept;
    ~Timer() { reset(); }
    void reset();

   private:
    Loop* loop_ = nullptr;
    TimerKey key_{};
  };

  Loop();
  /** What is still registered goes; what its callbacks own may end other registrations meanwhile. */
  ~Loop();

  /** `events` as for epoll_ctl (EPOLLET included). One watch per descriptor at a time. Throws Failure. */
  [[nodiscard]] Watch watch(int fd, uint32_t events, std::function<void(uint32_t)> callback);
  [[nodiscard]] Timer after(std::chrono::milliseconds delay, std::function<void()> callback);
  /** Calls `task` once the present callback is over. */
  void post(std::function<void()> task);

  /** One turn: waits at most `limit` ms (-1: for ever) for something to do, and does it. */
  void turn(int limit = -1);
  void run();
  void stop() { running_ = false; }

 private:
  int timeout(int limit) const;
  void runPosted();
  void runTimers();

  Fd epoll_;
  bool running_ = false;
  uint64_t nextId_ = 1;
  std::unordered_map<uint64_t, std::shared_ptr<Watched>> watches_;
  std::map<TimerKey, std::function<void()>> timers_;
  std::deque<std::function<void()>> posted_;
};

}  // namespace tswsl
