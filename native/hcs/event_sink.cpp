#include "hcs/event_sink.h"

#include <memory>
#include <optional>
#include <string>

#include "addon/text.h"

namespace tswsl {
namespace {

struct Event {
  HCS_EVENT_TYPE type;
  std::optional<std::wstring> data;
};

void Deliver(Napi::Env env, Napi::Function listener, Event* event) {
  const std::unique_ptr<Event> owned(event);
  if (env == nullptr) return;
  listener.Call({Napi::Number::New(env, owned->type), TextOrNull(env, owned->data)});
}

}  // namespace

EventSink::EventSink(Napi::Env env, const Napi::Function& listener)
    : listener_(Napi::ThreadSafeFunction::New(env, listener, "tswsl compute system events", 0, 1)) {}

EventSink::~EventSink() { listener_.Release(); }

void CALLBACK EventSink::Receive(HCS_EVENT* event, void* context) {
  // The context that the sink was registered with.
  auto* sink = static_cast<EventSink*>(context);
  // The event's data is HCS's and valid only during this call.
  auto copy = std::make_unique<Event>(Event{event->Type, std::nullopt});
  if (event->EventData != nullptr) copy->data = event->EventData;
  if (sink->listener_.BlockingCall(copy.get(), Deliver) == napi_ok) copy.release();
}

}  // namespace tswsl
