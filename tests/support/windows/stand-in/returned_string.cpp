#include "returned_string.h"

#include <objbase.h>
#include <tlhelp32.h>

#include <cstring>
#include <set>

namespace {

std::mutex mutex;
std::set<void*> given;
std::set<HMODULE> wrapped;
const wchar_t* givenRole = L"";

void NoteFreed(void* pointer, const wchar_t* function) {
  {
    const std::lock_guard<std::mutex> lock(mutex);
    if (given.erase(pointer) == 0) return;
  }
  if (const auto link = HostLink::Get(givenRole)) link->Tell(L"freed", {function});
}

// What was in the import tables before: Windows' functions, or another stand-in's wrappers of them.
decltype(&LocalFree) nextLocalFree = LocalFree;
decltype(&CoTaskMemFree) nextCoTaskMemFree = CoTaskMemFree;

HLOCAL WINAPI CountingLocalFree(HLOCAL memory) {
  NoteFreed(memory, L"LocalFree");
  return nextLocalFree(memory);
}

void WINAPI CountingCoTaskMemFree(LPVOID memory) {
  NoteFreed(memory, L"CoTaskMemFree");
  nextCoTaskMemFree(memory);
}

/** Replaces one function in a module's import table and keeps the one that was there. */
template <typename Function>
void WrapImport(HMODULE module, const char* name, Function replacement, Function* next) {
  auto* base = reinterpret_cast<BYTE*>(module);
  const auto* dos = reinterpret_cast<const IMAGE_DOS_HEADER*>(base);
  const auto* headers = reinterpret_cast<const IMAGE_NT_HEADERS*>(base + dos->e_lfanew);
  const IMAGE_DATA_DIRECTORY& directory = headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
  if (directory.VirtualAddress == 0) return;
  for (auto* library = reinterpret_cast<IMAGE_IMPORT_DESCRIPTOR*>(base + directory.VirtualAddress); library->Name != 0;
       library++) {
    auto* names = reinterpret_cast<IMAGE_THUNK_DATA*>(base + library->OriginalFirstThunk);
    auto* bound = reinterpret_cast<IMAGE_THUNK_DATA*>(base + library->FirstThunk);
    for (; names->u1.AddressOfData != 0; names++, bound++) {
      if (IMAGE_SNAP_BY_ORDINAL(names->u1.Ordinal)) continue;
      const auto* import = reinterpret_cast<const IMAGE_IMPORT_BY_NAME*>(base + names->u1.AddressOfData);
      if (std::strcmp(reinterpret_cast<const char*>(import->Name), name) != 0) continue;
      DWORD before = 0;
      VirtualProtect(&bound->u1.Function, sizeof bound->u1.Function, PAGE_READWRITE, &before);
      *next = reinterpret_cast<Function>(bound->u1.Function);
      bound->u1.Function = reinterpret_cast<ULONGLONG>(replacement);
      VirtualProtect(&bound->u1.Function, sizeof bound->u1.Function, before, &before);
    }
  }
}

/** The addons that are loaded by now; each once. */
void WrapAddons() {
  const HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPMODULE, 0);
  if (snapshot == INVALID_HANDLE_VALUE) return;
  MODULEENTRY32W entry = {};
  entry.dwSize = sizeof entry;
  for (BOOL more = Module32FirstW(snapshot, &entry); more; more = Module32NextW(snapshot, &entry)) {
    const std::wstring name = entry.szModule;
    if (name.size() < 5 || name.compare(name.size() - 5, 5, L".node") != 0) continue;
    if (!wrapped.insert(entry.hModule).second) continue;
    WrapImport(entry.hModule, "LocalFree", &CountingLocalFree, &nextLocalFree);
    WrapImport(entry.hModule, "CoTaskMemFree", &CountingCoTaskMemFree, &nextCoTaskMemFree);
  }
  CloseHandle(snapshot);
}

}  // namespace

void ReturnString(const wchar_t* role, FreedWith freedWith, const Field& text, PWSTR* out) {
  if (out == nullptr) return;
  *out = nullptr;
  if (!text) return;
  const size_t bytes = (text->size() + 1) * sizeof(wchar_t);
  void* memory = freedWith == FreedWith::LocalFree ? LocalAlloc(LMEM_FIXED, bytes) : CoTaskMemAlloc(bytes);
  std::memcpy(memory, text->c_str(), bytes);
  {
    const std::lock_guard<std::mutex> lock(mutex);
    if (wrapped.empty()) WrapAddons();
    givenRole = role;
    given.insert(memory);
  }
  if (const auto link = HostLink::Get(role)) link->Tell(L"given", {});
  *out = static_cast<PWSTR>(memory);
}
