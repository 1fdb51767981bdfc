#include <winsock2.h>

#include <windows.h>
#include <computenetwork.h>
#include <objbase.h>

#include "host_link.h"
#include "returned_string.h"

namespace {

constexpr const wchar_t* kRole = L"network";

Field Text(PCWSTR text) { return text == nullptr ? Field() : Field(text); }

Field Text(const GUID& guid) {
  wchar_t text[39] = {};
  StringFromGUID2(guid, text, 39);
  // Without the braces.
  return std::wstring(text + 1, 36);
}

Field Number(const void* handle) { return std::to_wstring(reinterpret_cast<uintptr_t>(handle)); }

/** Results: an error record, then a document or a handle. */
HRESULT Forward(const wchar_t* function, Message arguments, PWSTR* error, PWSTR* document = nullptr,
                void** handle = nullptr) {
  const Reply reply = HostLink::Call(kRole, function, std::move(arguments));
  ReturnString(kRole, FreedWith::CoTaskMemFree, reply.Result(0), error);
  ReturnString(kRole, FreedWith::CoTaskMemFree, document == nullptr ? Field() : reply.Result(1), document);
  if (handle != nullptr) *handle = reinterpret_cast<void*>(static_cast<uintptr_t>(reply.Handle(1)));
  return reply.hresult;
}

}  // namespace

extern "C" {

HRESULT WINAPI HcnCreateNetwork(REFGUID id, PCWSTR settings, PHCN_NETWORK network, PWSTR* error) {
  return Forward(L"HcnCreateNetwork", {Text(id), Text(settings)}, error, nullptr, network);
}

HRESULT WINAPI HcnOpenNetwork(REFGUID id, PHCN_NETWORK network, PWSTR* error) {
  return Forward(L"HcnOpenNetwork", {Text(id)}, error, nullptr, network);
}

HRESULT WINAPI HcnQueryNetworkProperties(HCN_NETWORK network, PCWSTR query, PWSTR* properties, PWSTR* error) {
  return Forward(L"HcnQueryNetworkProperties", {Number(network), Text(query)}, error, properties);
}

HRESULT WINAPI HcnDeleteNetwork(REFGUID id, PWSTR* error) { return Forward(L"HcnDeleteNetwork", {Text(id)}, error); }

HRESULT WINAPI HcnCloseNetwork(HCN_NETWORK network) {
  return HostLink::Call(kRole, L"HcnCloseNetwork", {Number(network)}).hresult;
}

HRESULT WINAPI HcnCreateEndpoint(HCN_NETWORK network, REFGUID id, PCWSTR settings, PHCN_ENDPOINT endpoint,
                                 PWSTR* error) {
  return Forward(L"HcnCreateEndpoint", {Number(network), Text(id), Text(settings)}, error, nullptr, endpoint);
}

HRESULT WINAPI HcnOpenEndpoint(REFGUID id, PHCN_ENDPOINT endpoint, PWSTR* error) {
  return Forward(L"HcnOpenEndpoint", {Text(id)}, error, nullptr, endpoint);
}

HRESULT WINAPI HcnQueryEndpointProperties(HCN_ENDPOINT endpoint, PCWSTR query, PWSTR* properties, PWSTR* error) {
  return Forward(L"HcnQueryEndpointProperties", {Number(endpoint), Text(query)}, error, properties);
}

HRESULT WINAPI HcnDeleteEndpoint(REFGUID id, PWSTR* error) { return Forward(L"HcnDeleteEndpoint", {Text(id)}, error); }

HRESULT WINAPI HcnCloseEndpoint(HCN_ENDPOINT endpoint) {
  return HostLink::Call(kRole, L"HcnCloseEndpoint", {Number(endpoint)}).hresult;
}

HRESULT WINAPI HcnEnumerateEndpoints(PCWSTR query, PWSTR* endpoints, PWSTR* error) {
  return Forward(L"HcnEnumerateEndpoints", {Text(query)}, error, endpoints);
}

}  // extern "C"
