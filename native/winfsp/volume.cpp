#include "winfsp/volume.h"

#include <algorithm>
#include <utility>

#include "winfsp/js_conversion.h"
#include "winfsp/linux_errors.h"

namespace tswsl {

std::shared_ptr<Volume> Volume::Make(Napi::Env env, const Napi::Function& serve,
                                     std::chrono::milliseconds deadline) {
  std::shared_ptr<Volume> volume(new Volume(deadline));
  // The function keeps the volume until no thread can call it any more.
  auto* context = new std::shared_ptr<Volume>(volume);
  volume->serve_ = Serve::New(env, serve, "tswsl file system", 0, 1, context,
                              [](Napi::Env, void*, std::shared_ptr<Volume>* kept) { delete kept; });
  volume->watch_ = std::thread([raw = volume.get()] { raw->WatchDeadlines(); });
  return volume;
}

Volume::~Volume() {
  Close();
  if (watch_.joinable()) watch_.join();
}

uint64_t Volume::Reserve() {
  const std::lock_guard lock(mutex_);
  return next_id_++;
}

void Volume::Submit(Request request, Completion completion) {
  const uint64_t id = request.id;
  {
    std::unique_lock lock(mutex_);
    if (closed_) {
      lock.unlock();
      completion({.error = linux_errors::kNotConnected});
      return;
    }
    const auto deadline = Clock::now() + deadline_;
    pending_.emplace(id, Pending{request.operation, std::move(completion), deadline});
    if (deadline < wake_) changed_.notify_all();
  }
  if (Enqueue(std::move(request))) return;
  if (const auto pending = Claim(id)) Complete(*pending, {.error = linux_errors::kNotConnected});
}

void Volume::Notify(Request request) { Enqueue(std::move(request)); }

// False once Node's environment has ended. Under the lock, because after that answer the function must not be touched again.
bool Volume::Enqueue(Request request) {
  auto owned = std::make_unique<Request>(std::move(request));
  const std::lock_guard lock(mutex_);
  if (released_) return false;
  if (serve_.NonBlockingCall(owned.get()) != napi_ok) {
    released_ = true;
    return false;
  }
  owned.release();
  return true;
}

void Volume::Deliver(Napi::Env env, Napi::Function serve, std::shared_ptr<Volume>* volume, Request* request) {
  const std::unique_ptr<Request> owned(request);
  if (env == nullptr) return;
  Volume& self = **volume;
  const bool answered = request->id != 0 && request->operation != Operation::kCancel;
  if (answered) {
    const std::lock_guard lock(self.mutex_);
    const auto found = self.pending_.find(request->id);
    // Its caller has been answered while the event loop was busy: nobody wants to know.
    if (found == self.pending_.end()) return;
    found->second.delivered = true;
  }
  try {
    serve.Call({ToJs(env, *request)});
  } catch (const Napi::Error&) {
    // The function's own mistake is its caller's I/O error, and not the end of the process.
    if (answered) self.Fail(request->id, linux_errors::kInputOutput);
  }
}

std::optional<Volume::Pending> Volume::Claim(uint64_t id) {
  const std::lock_guard lock(mutex_);
  auto node = pending_.extract(id);
  if (node.empty()) return std::nullopt;
  completing_++;
  return std::move(node.mapped());
}

uint32_t Volume::Complete(const Pending& pending, const Answer& answer) {
  const uint32_t taken = pending.completion(answer);
  const std::lock_guard lock(mutex_);
  if (--completing_ == 0) changed_.notify_all();
  return taken;
}

void Volume::Interrupt(uint64_t id, int error) {
  const auto pending = Claim(id);
  if (!pending) return;
  Complete(*pending, {.error = error});
  if (pending->delivered) Notify({.operation = Operation::kCancel, .id = id});
}

void Volume::Cancel(uint64_t id) { Interrupt(id, linux_errors::kInterrupted); }

std::optional<Operation> Volume::OperationOf(uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto found = pending_.find(id);
  if (found == pending_.end()) return std::nullopt;
  return found->second.operation;
}

uint32_t Volume::Succeed(uint64_t id, const Napi::Value& value) {
  const auto operation = OperationOf(id);
  if (!operation) return 0;
  // Before the claim: a value that is refused must leave the request to be answered.
  const Answer answer = FromJs(*operation, value);
  const auto pending = Claim(id);
  return pending ? Complete(*pending, answer) : 0;
}

void Volume::Fail(uint64_t id, int error) {
  const auto pending = Claim(id);
  if (pending) Complete(*pending, {.error = error});
}

void Volume::Extend(uint64_t id, std::chrono::milliseconds time) {
  const std::lock_guard lock(mutex_);
  const auto found = pending_.find(id);
  if (found != pending_.end()) found->second.deadline = Clock::now() + time;
}

void Volume::WatchDeadlines() {
  std::unique_lock lock(mutex_);
  while (!closed_) {
    wake_ = Clock::time_point::max();
    if (pending_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto first = std::min_element(pending_.begin(), pending_.end(), [](const auto& a, const auto& b) {
      return a.second.deadline < b.second.deadline;
    });
    if (first->second.deadline > Clock::now()) {
      wake_ = first->second.deadline;
      changed_.wait_until(lock, wake_);
      continue;
    }
    const uint64_t id = first->first;
    lock.unlock();
    Interrupt(id, linux_errors::kTimedOut);
    lock.lock();
  }
}

void Volume::Close() {
  std::unique_lock lock(mutex_);
  closed_ = true;
  changed_.notify_all();
  while (!pending_.empty()) {
    const uint64_t id = pending_.begin()->first;
    lock.unlock();
    Fail(id, linux_errors::kNotConnected);
    lock.lock();
  }
  changed_.wait(lock, [this] { return completing_ == 0; });
}

void Volume::Release() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(released_, true)) return;
  serve_.Release();
}

}  // namespace tswsl
