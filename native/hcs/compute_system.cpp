#include "hcs/compute_system.h"

#include <thread>
#include <utility>

#include "addon/own_thread.h"
#include "addon/text.h"
#include "hcs/compute_operation.h"
#include "hcs/outcome.h"

namespace tswsl {
namespace {

/** Creates the system and listens to it, or closes what the service made for a failed creation. */
Outcome CreateSystem(const std::wstring& id, const std::wstring& configuration, std::unique_ptr<EventSink> events,
                     std::shared_ptr<SystemHandle>* created) {
  const ComputeCore& core = GetComputeCore();
  HCS_SYSTEM system = nullptr;
  Outcome outcome = WaitForOperation([&](HCS_OPERATION operation) {
    return CallIfPresent(core.library, core.HcsCreateComputeSystem, id.c_str(), configuration.c_str(), operation,
                         static_cast<const SECURITY_DESCRIPTOR*>(nullptr), &system);
  });
  auto handle = std::make_shared<SystemHandle>(system, std::move(events));
  if (FAILED(outcome.hresult)) return outcome;
  const HRESULT listening = CallIfPresent(core.library, core.HcsSetComputeSystemCallback, system, HcsEventOptionNone,
                                          static_cast<const void*>(handle->events()), &EventSink::Receive);
  if (FAILED(listening)) return {listening, std::nullopt};
  *created = std::move(handle);
  return outcome;
}

}  // namespace

SystemHandle::~SystemHandle() {
  // Unregisters the callback and waits until none runs; only then may the sink go.
  if (system_ != nullptr) GetComputeCore().HcsCloseComputeSystem(system_);
  events_.reset();
  closed_->count_down();
}

void ComputeSystem::Define(Napi::Env env) {
  Napi::Function constructor = DefineClass(env, "ComputeSystem",
                                           {
                                               InstanceMethod<&ComputeSystem::Start>("start"),
                                               InstanceMethod<&ComputeSystem::Terminate>("terminate"),
                                               InstanceMethod<&ComputeSystem::Pause>("pause"),
                                               InstanceMethod<&ComputeSystem::Save>("save"),
                                               InstanceMethod<&ComputeSystem::Properties>("properties"),
                                               InstanceMethod<&ComputeSystem::Modify>("modify"),
                                               InstanceMethod<&ComputeSystem::Close>("close"),
                                           });
  auto* data = new Napi::FunctionReference(Napi::Persistent(constructor));
  env.SetInstanceData(data);
}

Napi::Value ComputeSystem::Create(const Napi::CallbackInfo& info) {
  const std::wstring id = TextArgument(info, 0);
  const std::wstring configuration = TextArgument(info, 1);
  if (!info[2].IsFunction()) throw Napi::TypeError::New(info.Env(), "argument 2 must be a function");
  // std::function copies what it holds; the sink moves through a shared pointer.
  auto events = std::make_shared<std::unique_ptr<EventSink>>(
      std::make_unique<EventSink>(info.Env(), info[2].As<Napi::Function>()));
  return OnOwnThread(info.Env(), [id, configuration, events]() -> Conversion {
    auto system = std::make_shared<std::shared_ptr<SystemHandle>>();
    Outcome outcome = CreateSystem(id, configuration, std::move(*events), system.get());
    return [outcome, system](Napi::Env env) -> Napi::Value {
      Napi::Object object = ToObject(env, outcome);
      object.Set("system", env.Null());
      if (!*system) return object;
      auto* constructor = env.GetInstanceData<Napi::FunctionReference>();
      object.Set("system",
                 constructor->New({Napi::External<std::shared_ptr<SystemHandle>>::New(env, system.get())}));
      return object;
    };
  });
}

ComputeSystem::ComputeSystem(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  if (!info[0].IsExternal()) throw Napi::TypeError::New(info.Env(), "made by createComputeSystem only");
  // The one External that Create passes.
  handle_ = std::move(*info[0].As<Napi::External<std::shared_ptr<SystemHandle>>>().Data());
}

ComputeSystem::~ComputeSystem() {
  // Collected without close: the handle may not be closed on this thread.
  if (handle_) std::thread([handle = std::move(handle_)]() {}).detach();
}

Napi::Value ComputeSystem::Track(const Napi::CallbackInfo& info, Call call) {
  if (!handle_) throw Napi::Error::New(info.Env(), "the compute system is closed");
  const std::optional<std::wstring> options = OptionalTextArgument(info, 0);
  return OnOwnThread(info.Env(), [handle = handle_, options, call]() -> Conversion {
    return ToConversion(WaitForOperation([&](HCS_OPERATION operation) {
      return CallIfPresent(GetComputeCore().library, call, handle->get(), operation, PointerOrNull(options));
    }));
  });
}

Napi::Value ComputeSystem::Start(const Napi::CallbackInfo& info) {
  return Track(info, GetComputeCore().HcsStartComputeSystem);
}

Napi::Value ComputeSystem::Terminate(const Napi::CallbackInfo& info) {
  return Track(info, GetComputeCore().HcsTerminateComputeSystem);
}

Napi::Value ComputeSystem::Pause(const Napi::CallbackInfo& info) {
  return Track(info, GetComputeCore().HcsPauseComputeSystem);
}

Napi::Value ComputeSystem::Save(const Napi::CallbackInfo& info) {
  return Track(info, GetComputeCore().HcsSaveComputeSystem);
}

Napi::Value ComputeSystem::Properties(const Napi::CallbackInfo& info) {
  return Track(info, GetComputeCore().HcsGetComputeSystemProperties);
}

Napi::Value ComputeSystem::Modify(const Napi::CallbackInfo& info) {
  // The one call with an identity besides; ours never have one.
  return Track(info, [](HCS_SYSTEM system, HCS_OPERATION operation, PCWSTR request) {
    const ComputeCore& core = GetComputeCore();
    return CallIfPresent(core.library, core.HcsModifyComputeSystem, system, operation, request,
                         static_cast<HANDLE>(nullptr));
  });
}

Napi::Value ComputeSystem::Close(const Napi::CallbackInfo& info) {
  if (!handle_) throw Napi::Error::New(info.Env(), "the compute system is closed");
  return OnOwnThread(info.Env(), [handle = std::move(handle_)]() mutable -> Conversion {
    const std::shared_ptr<std::latch> closed = handle->closed();
    handle.reset();
    closed->wait();
    return [](Napi::Env env) -> Napi::Value { return env.Undefined(); };
  });
}

}  // namespace tswsl
