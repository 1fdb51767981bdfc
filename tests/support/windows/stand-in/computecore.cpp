#include <winsock2.h>

#include <windows.h>
#include <computecore.h>

#include <map>

#include "host_link.h"
#include "returned_string.h"
#include "serial_port.h"

namespace {

constexpr const wchar_t* kRole = L"compute";

struct Callback {
  HCS_EVENT_CALLBACK function;
  void* context;
};

std::mutex mutex;
std::map<uint64_t, Callback> callbacks;

Field Text(PCWSTR text) { return text == nullptr ? Field() : Field(text); }

/** Handles are the host's numbers. */
Field Number(const void* handle) { return std::to_wstring(reinterpret_cast<uintptr_t>(handle)); }

template <typename Handle>
Handle FromNumber(uint64_t number) {
  return reinterpret_cast<Handle>(static_cast<uintptr_t>(number));
}

void Raise(uint64_t system, HCS_EVENT_TYPE type, PCWSTR data) {
  Callback callback = {};
  {
    const std::lock_guard<std::mutex> lock(mutex);
    const auto found = callbacks.find(system);
    if (found == callbacks.end()) return;
    callback = found->second;
  }
  HCS_EVENT event = {type, data, nullptr};
  callback.function(&event, callback.context);
}

/** The service is gone: every system of this process hears it. */
void RaiseDisconnect() {
  std::map<uint64_t, Callback> all;
  {
    const std::lock_guard<std::mutex> lock(mutex);
    all = callbacks;
  }
  for (const auto& [system, callback] : all) Raise(system, HcsEventServiceDisconnect, nullptr);
}

void Receive(const Message& message) {
  if (message[0] == L"gone") return RaiseDisconnect();
  if (message[0] == L"serial") return ServeSerialPort(*message[1], *message[2]);
  if (message[0] != L"event") return;
  const auto type = static_cast<HCS_EVENT_TYPE>(std::stoul(*message[2]));
  Raise(std::stoull(*message[1]), type, message[3] ? message[3]->c_str() : nullptr);
}

Reply Forward(const wchar_t* function, Message arguments) {
  const auto link = HostLink::Get(kRole);
  if (!link) return Reply();
  link->Listen(Receive);
  return HostLink::Call(kRole, function, std::move(arguments));
}

/** For calls whose one result is a document. */
HRESULT ForwardForDocument(const wchar_t* function, Message arguments, PWSTR* document) {
  const Reply reply = Forward(function, std::move(arguments));
  ReturnString(kRole, FreedWith::LocalFree, reply.Result(0), document);
  return reply.hresult;
}

}  // namespace

extern "C" {

HCS_OPERATION WINAPI HcsCreateOperation(const void*, HCS_OPERATION_COMPLETION) {
  const Reply reply = Forward(L"HcsCreateOperation", {});
  if (FAILED(reply.hresult)) SetLastError(static_cast<DWORD>(reply.hresult));
  return FromNumber<HCS_OPERATION>(reply.Handle(0));
}

void WINAPI HcsCloseOperation(HCS_OPERATION operation) { Forward(L"HcsCloseOperation", {Number(operation)}); }

HRESULT WINAPI HcsGetOperationResult(HCS_OPERATION operation, PWSTR* document) {
  return ForwardForDocument(L"HcsGetOperationResult", {Number(operation)}, document);
}

HRESULT WINAPI HcsWaitForOperationResult(HCS_OPERATION operation, DWORD timeoutMs, PWSTR* document) {
  return ForwardForDocument(L"HcsWaitForOperationResult", {Number(operation), std::to_wstring(timeoutMs)}, document);
}

HRESULT WINAPI HcsCreateComputeSystem(PCWSTR id, PCWSTR configuration, HCS_OPERATION operation,
                                      const SECURITY_DESCRIPTOR*, HCS_SYSTEM* system) {
  const Reply reply = Forward(L"HcsCreateComputeSystem", {Text(id), Text(configuration), Number(operation)});
  *system = FromNumber<HCS_SYSTEM>(reply.Handle(0));
  return reply.hresult;
}

void WINAPI HcsCloseComputeSystem(HCS_SYSTEM system) {
  Forward(L"HcsCloseComputeSystem", {Number(system)});
  if (const auto link = HostLink::Get(kRole)) link->Drain();
  const std::lock_guard<std::mutex> lock(mutex);
  callbacks.erase(reinterpret_cast<uintptr_t>(system));
}

HRESULT WINAPI HcsSetComputeSystemCallback(HCS_SYSTEM system, HCS_EVENT_OPTIONS options, const void* context,
                                           HCS_EVENT_CALLBACK callback) {
  {
    const std::lock_guard<std::mutex> lock(mutex);
    callbacks[reinterpret_cast<uintptr_t>(system)] = {callback, const_cast<void*>(context)};
  }
  return Forward(L"HcsSetComputeSystemCallback", {Number(system), std::to_wstring(options)}).hresult;
}

#define TSWSL_SYSTEM_CALL(name)                                                          \
  HRESULT WINAPI name(HCS_SYSTEM system, HCS_OPERATION operation, PCWSTR options) {      \
    return Forward(L"" #name, {Number(system), Number(operation), Text(options)}).hresult; \
  }
TSWSL_SYSTEM_CALL(HcsStartComputeSystem)
TSWSL_SYSTEM_CALL(HcsTerminateComputeSystem)
TSWSL_SYSTEM_CALL(HcsPauseComputeSystem)
TSWSL_SYSTEM_CALL(HcsSaveComputeSystem)
TSWSL_SYSTEM_CALL(HcsGetComputeSystemProperties)

HRESULT WINAPI HcsModifyComputeSystem(HCS_SYSTEM system, HCS_OPERATION operation, PCWSTR configuration, HANDLE) {
  return Forward(L"HcsModifyComputeSystem", {Number(system), Number(operation), Text(configuration)}).hresult;
}

HRESULT WINAPI HcsEnumerateComputeSystems(PCWSTR query, HCS_OPERATION operation) {
  return Forward(L"HcsEnumerateComputeSystems", {Text(query), Number(operation)}).hresult;
}

HRESULT WINAPI HcsGetServiceProperties(PCWSTR query, PWSTR* result) {
  return ForwardForDocument(L"HcsGetServiceProperties", {Text(query)}, result);
}

HRESULT WINAPI HcsGrantVmAccess(PCWSTR vmId, PCWSTR path) {
  return Forward(L"HcsGrantVmAccess", {Text(vmId), Text(path)}).hresult;
}

HRESULT WINAPI HcsRevokeVmAccess(PCWSTR vmId, PCWSTR path) {
  return Forward(L"HcsRevokeVmAccess", {Text(vmId), Text(path)}).hresult;
}

HRESULT WINAPI HcsCreateEmptyRuntimeStateFile(PCWSTR path) {
  return Forward(L"HcsCreateEmptyRuntimeStateFile", {Text(path)}).hresult;
}

}  // extern "C"
