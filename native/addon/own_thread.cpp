#include "addon/own_thread.h"

#include <memory>
#include <thread>
#include <utility>

namespace tswsl {
namespace {

struct Running {
  explicit Running(Napi::Env env) : deferred(Napi::Promise::Deferred::New(env)) {}

  Napi::Promise::Deferred deferred;
  BlockingCall call;
  Conversion convert;
  std::thread thread;
};

void Settle(Napi::Env env, Napi::Function, std::nullptr_t*, Running* running) {
  const std::unique_ptr<Running> owned(running);
  owned->thread.join();
  // Null when the environment is being torn down: there is nobody left to tell.
  if (env == nullptr) return;
  owned->deferred.Resolve(owned->convert(env));
}

using Done = Napi::TypedThreadSafeFunction<std::nullptr_t, Running, Settle>;

}  // namespace

Napi::Promise OnOwnThread(Napi::Env env, BlockingCall call) {
  auto running = std::make_unique<Running>(env);
  const Napi::Promise promise = running->deferred.Promise();
  running->call = std::move(call);
  Done done = Done::New(env, "tswsl blocking call", 0, 1);
  // Owned by the thread until Settle; leaked on purpose when the environment ends first, since a joinable thread
  // cannot be destroyed.
  Running* shared = running.release();
  shared->thread = std::thread([shared, done]() mutable {
    shared->convert = shared->call();
    shared->call = nullptr;
    if (done.BlockingCall(shared) == napi_ok) done.Release();
  });
  return promise;
}

}  // namespace tswsl
