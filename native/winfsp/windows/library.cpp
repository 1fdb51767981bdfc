#include "winfsp/windows/library.h"

#include <optional>
#include <string>

namespace tswsl::winfsp {
namespace {

// Where its installer says it is, and nowhere else: a library of that name beside a program or on PATH could be anybody's.
HMODULE Load() {
  wchar_t directory[MAX_PATH] = {};
  DWORD size = sizeof directory;
  if (RegGetValueW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\WOW6432Node\\WinFsp", L"InstallDir", RRF_RT_REG_SZ, nullptr, directory,
                   &size) != ERROR_SUCCESS) {
    return nullptr;
  }
  std::wstring path = directory;
  if (!path.empty() && path.back() != L'\\') path += L'\\';
  path += L"bin\\winfsp-x64.dll";
  return LoadLibraryExW(path.c_str(), nullptr, LOAD_WITH_ALTERED_SEARCH_PATH);
}

template <typename Function>
bool Bind(HMODULE library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(reinterpret_cast<void*>(GetProcAddress(library, name)));
  return function != nullptr;
}

std::optional<Library> BindAll() {
  const HMODULE library = Load();
  if (library == nullptr) return std::nullopt;
  Library bound;
#define TSWSL_BIND(name) Bind(library, #name, bound.name)
  const bool complete = TSWSL_BIND(FspFileSystemCreate) && TSWSL_BIND(FspFileSystemDelete) &&
                        TSWSL_BIND(FspFileSystemStartDispatcher) && TSWSL_BIND(FspFileSystemStopDispatcher) &&
                        TSWSL_BIND(FspFileSystemAddDirInfo) && TSWSL_BIND(FspPosixMapPermissionsToSecurityDescriptor) &&
                        TSWSL_BIND(FspPosixMapSecurityDescriptorToPermissions) && TSWSL_BIND(FspPosixMapSidToUid) &&
                        TSWSL_BIND(FspSetSecurityDescriptor) && TSWSL_BIND(FspDeleteSecurityDescriptor);
#undef TSWSL_BIND
  if (!complete) return std::nullopt;
  return bound;
}

}  // namespace

const Library* GetLibrary() {
  static const std::optional<Library> library = BindAll();
  return library ? &*library : nullptr;
}

}  // namespace tswsl::winfsp
