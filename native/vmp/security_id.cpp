#include "vmp/security_id.h"

#include <sddl.h>

#include "vmp/windows_handle.h"

namespace tswsl {

std::optional<std::wstring> SecurityIdText(PSID sid) {
  wchar_t* text = nullptr;
  if (sid == nullptr || !ConvertSidToStringSidW(sid, &text)) return std::nullopt;
  const LocalMemory<wchar_t> owned(text);
  return std::wstring(text);
}

}  // namespace tswsl
