#include "winfsp/windows/asking.h"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace tswsl::winfsp {

namespace {

// Shared with the completion, which may still be leaving it when the caller has gone on.
struct Awaited {
  std::mutex mutex;
  std::condition_variable answered;
  std::optional<int> error;
};

}  // namespace

int Ask(Volume& volume, Request request, const std::function<void(const Answer&)>& take) {
  const auto awaited = std::make_shared<Awaited>();
  request.id = volume.Reserve();
  // A directory's nodes are not kept, so none of its entries count as taken.
  const uint32_t taken = request.operation == Operation::kReaddir ? 0 : 1;
  volume.Submit(std::move(request), [awaited, &take, taken](const Answer& answer) -> uint32_t {
    if (answer.error == 0 && take) take(answer);
    const std::lock_guard lock(awaited->mutex);
    awaited->error = answer.error;
    awaited->answered.notify_one();
    return answer.error == 0 ? taken : 0;
  });
  std::unique_lock lock(awaited->mutex);
  awaited->answered.wait(lock, [&awaited] { return awaited->error.has_value(); });
  return *awaited->error;
}

int AskForEntry(Volume& volume, Request request, Found& found) {
  return Ask(volume, std::move(request), [&found](const Answer& answer) {
    found = {.node = answer.node, .handle = answer.handle, .attributes = answer.attributes};
  });
}

int LookUp(Volume& volume, uint64_t node, const std::string& path, Found& found) {
  return AskForEntry(volume, {.operation = Operation::kLookup, .node = node, .name = path, .follow = true}, found);
}

void Forget(Volume& volume, uint64_t node) {
  if (node != kRootNode) volume.Notify({.operation = Operation::kForget, .node = node, .length = 1});
}

int GetAttributes(Volume& volume, uint64_t node, std::optional<uint64_t> handle, Attributes& attributes) {
  return Ask(volume, {.operation = Operation::kGetattr, .node = node, .handle = handle},
             [&attributes](const Answer& answer) { attributes = answer.attributes; });
}

}  // namespace tswsl::winfsp
