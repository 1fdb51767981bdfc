#include "service/options.h"

#include <windows.h>
#include <shellapi.h>
#include <shlobj.h>

#include <vector>

namespace tswsl {
namespace {

std::vector<std::wstring> CommandLine() {
  int count = 0;
  wchar_t** words = CommandLineToArgvW(GetCommandLineW(), &count);
  if (words == nullptr) return {};
  std::vector<std::wstring> line(words, words + count);
  LocalFree(words);
  return line;
}

/** The same directory as src/base/windows/paths.ts takes. */
std::wstring DefaultHome() {
  PWSTR folder = nullptr;
  std::wstring home;
  if (SUCCEEDED(SHGetKnownFolderPath(FOLDERID_LocalAppData, 0, nullptr, &folder))) home = folder;
  CoTaskMemFree(folder);
  return home + L"\\tswsl";
}

std::wstring OwnDirectory() {
  std::wstring path(MAX_PATH, L'\0');
  for (;;) {
    const DWORD length = GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
    if (length < path.size()) {
      path.resize(length);
      return path.substr(0, path.find_last_of(L'\\'));
    }
    path.resize(path.size() * 2);
  }
}

}  // namespace

ServiceOptions ReadOptions() {
  const std::vector<std::wstring> line = CommandLine();
  const bool named = line.size() == 3 && line[1] == L"--home";
  return {named ? line[2] : DefaultHome(), OwnDirectory() + L"\\tswsl.exe"};
}

}  // namespace tswsl
