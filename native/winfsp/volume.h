#pragma once

#include <napi.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "winfsp/request.h"

namespace tswsl {

/**
 * Takes requests from the operating system's threads to a JavaScript function, and its answers back. Every request is answered:
 * by JavaScript, or with ETIMEDOUT at its deadline, EINTR when it is cancelled, ENOTCONN when the volume closes. So neither a
 * guest that hangs nor an event loop that is blocked keeps a caller for longer.
 */
class Volume : public std::enable_shared_from_this<Volume> {
 public:
  static std::shared_ptr<Volume> Make(Napi::Env env, const Napi::Function& serve, std::chrono::milliseconds deadline);
  Volume(const Volume&) = delete;
  Volume& operator=(const Volume&) = delete;
  ~Volume();

  /** A new request's number; any thread. */
  uint64_t Reserve();

  /** Any thread. The completion may be called before this returns. */
  void Submit(Request request, Completion completion);

  /** Tells JavaScript something that has no answer. Any thread. */
  void Notify(Request request);

  /** Answers a request with EINTR, if it has none yet. Any thread. */
  void Cancel(uint64_t id);

  /** Answers everything with ENOTCONN, now and from now on. When it returns no completion runs, or will. Any thread. */
  void Close();

  /** JavaScript's answer; its thread. Returns how much of it was taken: nothing when the request has its answer already. */
  uint32_t Succeed(uint64_t id, const Napi::Value& value);
  void Fail(uint64_t id, int error);

  /** Gives a request more time, from now on. */
  void Extend(uint64_t id, std::chrono::milliseconds time);

  /** No more requests reach JavaScript, and its event loop is free to end. Its thread, after Close. */
  void Release();

 private:
  using Clock = std::chrono::steady_clock;

  struct Pending {
    Operation operation;
    Completion completion;
    Clock::time_point deadline;
    bool delivered = false;
  };

  static void Deliver(Napi::Env env, Napi::Function serve, std::shared_ptr<Volume>* volume, Request* request);
  using Serve = Napi::TypedThreadSafeFunction<std::shared_ptr<Volume>, Request, Deliver>;

  explicit Volume(std::chrono::milliseconds deadline) : deadline_(deadline) {}
  bool Enqueue(Request request);
  std::optional<Pending> Claim(uint64_t id);
  std::optional<Operation> OperationOf(uint64_t id);
  uint32_t Complete(const Pending& pending, const Answer& answer);
  void Interrupt(uint64_t id, int error);
  void WatchDeadlines();

  const std::chrono::milliseconds deadline_;
  Serve serve_;
  std::thread watch_;

  std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t next_id_ = 1;
  bool closed_ = false;
  bool released_ = false;
  /** Completions that run at this moment. */
  int completing_ = 0;
  /** When the watch looks at the deadlines next. */
  Clock::time_point wake_ = Clock::time_point::max();
  std::map<uint64_t, Pending> pending_;
};

}  // namespace tswsl
