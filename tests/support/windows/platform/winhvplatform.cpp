#include <windows.h>

#include "answers.h"

namespace {
/** WHvCapabilityCodeHypervisorPresent. */
constexpr UINT32 hypervisorPresent = 0;
/** WHV_E_UNKNOWN_CAPABILITY and WHV_E_INSUFFICIENT_BUFFER. */
constexpr HRESULT unknownCapability = static_cast<HRESULT>(0x80370300);
constexpr HRESULT insufficientBuffer = static_cast<HRESULT>(0x80370301);
}  // namespace

extern "C" HRESULT WINAPI WHvGetCapability(UINT32 code, void* buffer, UINT32 size, UINT32* written) {
  if (code != hypervisorPresent) return unknownCapability;
  if (size < sizeof(BOOL)) return insufficientBuffer;
  *static_cast<BOOL*>(buffer) = tswsl::answer(L"HypervisorPresent").value_or(FALSE) != 0;
  *written = sizeof(BOOL);
  return S_OK;
}
