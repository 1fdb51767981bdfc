#include "vmp/when_set.h"

#include <memory>
#include <utility>

namespace tswsl {
namespace {

struct Waiting;
void Settle(Napi::Env env, Napi::Function, std::nullptr_t*, Waiting* waiting);
using Done = Napi::TypedThreadSafeFunction<std::nullptr_t, Waiting, Settle>;

struct Waiting {
  std::function<void(Napi::Env)> then;
  Done done;
  HANDLE wait = nullptr;
};

void Settle(Napi::Env env, Napi::Function, std::nullptr_t*, Waiting* waiting) {
  const std::unique_ptr<Waiting> owned(waiting);
  // Once only, but it must be given back; the callback may still be on its way out, which Windows waits for by itself.
  UnregisterWait(owned->wait);
  // Null when the environment is being torn down: there is nobody left to tell.
  if (env != nullptr) owned->then(env);
}

void CALLBACK HasBeenSet(void* context, BOOLEAN) {
  auto* waiting = static_cast<Waiting*>(context);
  // A copy: Settle may be through before the call returns.
  Done done = waiting->done;
  if (done.BlockingCall(waiting) == napi_ok) done.Release();
}

}  // namespace

void WhenSet(Napi::Env env, HANDLE event, std::function<void(Napi::Env)> then) {
  // Settle's, which cannot run before this has returned; leaked on purpose when the environment ends first.
  auto* waiting = new Waiting{std::move(then), Done::New(env, "tswsl wait", 0, 1)};
  constexpr ULONG how = WT_EXECUTEINWAITTHREAD | WT_EXECUTEONLYONCE;
  if (!RegisterWaitForSingleObject(&waiting->wait, event, HasBeenSet, waiting, INFINITE, how)) {
    // What is under way writes into our memory, so nothing can be taken back. Only a lack of memory leads here.
    Napi::Error::Fatal("tswsl", "RegisterWaitForSingleObject failed");
  }
}

}  // namespace tswsl
