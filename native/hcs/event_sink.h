#pragma once

#include <napi.h>
#include <windows.h>
#include <computedefs.h>

namespace tswsl {

/**
 * Brings a system's events from HCS's threads to a JavaScript function `(type, data) => void`. Keeps the event loop alive:
 * an exit that came while Node was tearing down would find nothing to be posted to. Destroyed only when HCS can no
 * longer call.
 */
class EventSink {
 public:
  EventSink(Napi::Env env, const Napi::Function& listener);
  EventSink(const EventSink&) = delete;
  EventSink& operator=(const EventSink&) = delete;
  ~EventSink();

  /** To be registered with HcsSetComputeSystemCallback, with the sink as its context. */
  static void CALLBACK Receive(HCS_EVENT* event, void* context);

 private:
  Napi::ThreadSafeFunction listener_;
};

}  // namespace tswsl
