#pragma once

#include <napi.h>

#include <latch>
#include <memory>

#include "hcs/compute_core.h"
#include "hcs/event_sink.h"

namespace tswsl {

/**
 * An HCS_SYSTEM with its callback. Shared by all calls in progress, so that it is closed when the last of them has
 * returned. Closing waits for running callbacks: never on Node's thread, never in a callback.
 */
class SystemHandle {
 public:
  SystemHandle(HCS_SYSTEM system, std::unique_ptr<EventSink> events) : system_(system), events_(std::move(events)) {}
  SystemHandle(const SystemHandle&) = delete;
  SystemHandle& operator=(const SystemHandle&) = delete;
  ~SystemHandle();

  HCS_SYSTEM get() const { return system_; }
  EventSink* events() const { return events_.get(); }
  /** Counted down when the handle is closed. */
  std::shared_ptr<std::latch> closed() const { return closed_; }

 private:
  HCS_SYSTEM system_;
  std::unique_ptr<EventSink> events_;
  std::shared_ptr<std::latch> closed_ = std::make_shared<std::latch>(1);
};

/** JavaScript's ComputeSystem: see native.d.ts. */
class ComputeSystem : public Napi::ObjectWrap<ComputeSystem> {
 public:
  static void Define(Napi::Env env);

  /** `createComputeSystem(id, configuration, listener)` */
  static Napi::Value Create(const Napi::CallbackInfo& info);

  explicit ComputeSystem(const Napi::CallbackInfo& info);
  ~ComputeSystem() override;

 private:
  using Call = HRESULT (*)(HCS_SYSTEM, HCS_OPERATION, PCWSTR);

  Napi::Value Start(const Napi::CallbackInfo& info);
  Napi::Value Terminate(const Napi::CallbackInfo& info);
  Napi::Value Pause(const Napi::CallbackInfo& info);
  Napi::Value Save(const Napi::CallbackInfo& info);
  Napi::Value Properties(const Napi::CallbackInfo& info);
  Napi::Value Modify(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);

  Napi::Value Track(const Napi::CallbackInfo& info, Call call);

  std::shared_ptr<SystemHandle> handle_;
};

}  // namespace tswsl
