#include "service/environment_block.h"

#include <windows.h>
#include <string.h>
#include <wchar.h>

namespace tswsl {
namespace {

bool Has(const wchar_t* entry, const wchar_t* prefix) { return _wcsnicmp(entry, prefix, wcslen(prefix)) == 0; }

}  // namespace

std::wstring EnvironmentBlock(const std::wstring& home) {
  std::wstring block;
  wchar_t* all = GetEnvironmentStringsW();
  for (const wchar_t* entry = all; entry != nullptr && *entry != L'\0'; entry += wcslen(entry) + 1) {
    if (Has(entry, L"NODE_") || Has(entry, L"TSWSL_HOME=")) continue;
    block.append(entry).push_back(L'\0');
  }
  if (all != nullptr) FreeEnvironmentStringsW(all);
  block.append(L"TSWSL_HOME=" + home).push_back(L'\0');
  block.push_back(L'\0');
  return block;
}

}  // namespace tswsl
