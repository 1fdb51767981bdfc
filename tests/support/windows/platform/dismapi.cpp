#include <windows.h>

#include <dismapi.h>

#include <cwchar>

#include "answers.h"

namespace {

constexpr DismSession theSession = 7;
/** ERROR_ELEVATION_REQUIRED. */
constexpr HRESULT notElevated = static_cast<HRESULT>(0x800702e4);
/** What an HRESULT of DISM looks like when it is done and Windows must be restarted. */
constexpr HRESULT restart = ERROR_SUCCESS_REBOOT_REQUIRED;

/** What a caller has not given back: sessions and structures. */
DWORD held = 0;

}  // namespace

extern "C" {

HRESULT WINAPI DismInitialize(DismLogLevel, PCWSTR, PCWSTR) {
  return S_OK;
}

HRESULT WINAPI DismShutdown() {
  tswsl::report(L"Held", held);
  return S_OK;
}

HRESULT WINAPI DismOpenSession(PCWSTR image, PCWSTR, PCWSTR, DismSession* session) {
  if (tswsl::answer(L"Unelevated")) return notElevated;
  if (std::wcscmp(image, DISM_ONLINE_IMAGE) != 0) return E_INVALIDARG;
  *session = theSession;
  ++held;
  return S_OK;
}

HRESULT WINAPI DismCloseSession(DismSession session) {
  if (session != theSession) return E_INVALIDARG;
  --held;
  return S_OK;
}

/** A feature has the state that the test has put under its name; one that the test does not name is not installed. */
HRESULT WINAPI DismGetFeatureInfo(DismSession session, PCWSTR name, PCWSTR identifier, DismPackageIdentifier package,
                                  DismFeatureInfo** info) {
  if (session != theSession || identifier != nullptr || package != DismPackageNone) return E_INVALIDARG;
  auto* made = static_cast<DismFeatureInfo*>(LocalAlloc(LPTR, sizeof(DismFeatureInfo)));
  made->FeatureName = name;
  made->FeatureState = static_cast<DismPackageFeatureState>(tswsl::answer(name).value_or(DismStateNotPresent));
  *info = made;
  ++held;
  return S_OK;
}

HRESULT WINAPI DismDelete(void* structure) {
  LocalFree(structure);
  --held;
  return S_OK;
}

HRESULT WINAPI DismEnableFeature(DismSession session, PCWSTR name, PCWSTR identifier, DismPackageIdentifier package,
                                 WINBOOL limitAccess, PCWSTR* sources, UINT sourceCount, WINBOOL all, HANDLE cancel,
                                 DISM_PROGRESS_CALLBACK progress, PVOID) {
  const bool expected = session == theSession && identifier == nullptr && package == DismPackageNone && !limitAccess &&
                        sources == nullptr && sourceCount == 0 && all && cancel == nullptr && progress == nullptr;
  if (!expected) return E_INVALIDARG;
  if (auto refusal = tswsl::answer(L"Refusal")) return static_cast<HRESULT>(*refusal);
  tswsl::report(name, DismStateInstallPending);
  return restart;
}

}  // extern "C"
