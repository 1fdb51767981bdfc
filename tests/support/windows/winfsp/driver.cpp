// What a test calls: each function of a program as WinFsp's driver takes it to the file system.
#include <windows.h>

#include <sddl.h>

#include <atomic>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "file_system.h"

using namespace tswsl::winfsp;

namespace {

constexpr auto kDisconnected = static_cast<NtStatus>(0xC000020C);
constexpr auto kNameNotFound = static_cast<NtStatus>(0xC0000034);
constexpr auto kPathNotFound = static_cast<NtStatus>(0xC000003A);
constexpr auto kBufferOverflowed = static_cast<NtStatus>(0x80000005);

/** What a program has open. */
struct Handle {
  PVOID context = nullptr;
  std::wstring name;
  bool deleting = false;
};

std::atomic<int> open_handles = 0;

/** The arguments of a test's call, and where its results go. */
struct Call {
  StandIn* fs;
  const Interface& callbacks;
  std::wstring name;
  std::wstring argument;
  BYTE* bytes;
  UINT64 first;
  UINT64 second;
  UINT64* results;

  Handle& handle() const { return *reinterpret_cast<Handle*>(first); }
  void Tell(const FileInfo& info) const {
    results[1] = info.file_size;
    results[2] = info.attributes;
    results[3] = info.last_write_time;
  }
};

// The driver asks for the descriptor first, with a buffer that may be too small for it.
NtStatus CheckAccess(const Call& call, const std::wstring& name) {
  std::vector<BYTE> buffer(16);
  for (;;) {
    UINT32 attributes = 0;
    SIZE_T size = buffer.size();
    const NtStatus status =
        call.callbacks.GetSecurityByName(call.fs, const_cast<PWSTR>(name.c_str()), &attributes, buffer.data(), &size);
    if (status != kBufferOverflowed || size <= buffer.size()) {
      if (status >= 0 && !IsValidSecurityDescriptor(buffer.data())) return static_cast<NtStatus>(0xC0000079);
      return status;
    }
    buffer.resize(size);
  }
}

std::wstring ParentOf(const std::wstring& name) {
  const size_t end = name.rfind(L'\\');
  return end == 0 ? L"\\" : name.substr(0, end);
}

// CreateFile: `second` is its disposition (1 create, 2 open, 3 overwrite), and in bit 8 that a directory is wanted.
NtStatus Open(const Call& call) {
  const UINT32 disposition = call.second & 0xFF;
  const UINT32 options = call.second >> 8 & 1;
  const NtStatus access = CheckAccess(call, disposition == 1 ? ParentOf(call.name) : call.name);
  if (disposition == 1 && access == kNameNotFound) return kPathNotFound;
  if (access < 0) return access;
  auto handle = std::make_unique<Handle>(Handle{.name = call.name});
  FileInfo info = {};
  auto* name = const_cast<PWSTR>(call.name.c_str());
  const auto granted = static_cast<UINT32>(call.first);
  const NtStatus status =
      disposition == 1 ? call.callbacks.Create(call.fs, name, options, granted, 0, nullptr, 0, &handle->context, &info)
                       : call.callbacks.Open(call.fs, name, options, granted, &handle->context, &info);
  if (status < 0) return status;
  if (disposition == 3) call.callbacks.Overwrite(call.fs, handle->context, 0, TRUE, 0, &info);
  call.Tell(info);
  call.results[0] = reinterpret_cast<UINT64>(handle.release());
  open_handles++;
  return 0;
}

NtStatus Close(const Call& call) {
  Handle& handle = call.handle();
  if (handle.deleting) {
    call.callbacks.Cleanup(call.fs, handle.context, const_cast<PWSTR>(handle.name.c_str()), kCleanupDelete);
  }
  call.callbacks.Close(call.fs, handle.context);
  delete &handle;
  open_handles--;
  return 0;
}

NtStatus Delete(const Call& call) {
  Handle& handle = call.handle();
  const NtStatus status = call.callbacks.CanDelete(call.fs, handle.context, const_cast<PWSTR>(handle.name.c_str()));
  handle.deleting = status >= 0;
  return status;
}

NtStatus Read(const Call& call) {
  ULONG done = 0;
  const auto length = static_cast<ULONG>(call.results[0]);
  const NtStatus status = call.callbacks.Read(call.fs, call.handle().context, call.bytes, call.second, length, &done);
  call.results[0] = done;
  return status;
}

// All ones as the offset is the end of the file.
NtStatus Write(const Call& call) {
  ULONG done = 0;
  FileInfo info = {};
  const auto length = static_cast<ULONG>(call.results[0]);
  const BOOLEAN constrained = call.argument == L"constrained";
  const NtStatus status = call.callbacks.Write(call.fs, call.handle().context, call.bytes, call.second, length,
                                               call.second == ~UINT64{0}, constrained, &done, &info);
  call.Tell(info);
  call.results[0] = done;
  return status;
}

// The driver keeps what a program has room for and asks for the rest by the last name it kept: here all but a few entries.
NtStatus List(const Call& call) {
  std::wstring text;
  std::wstring marker;
  for (bool end = false; !end;) {
    std::vector<UINT64> buffer(2048);
    ULONG done = 0;
    const NtStatus status =
        call.callbacks.ReadDirectory(call.fs, call.handle().context, nullptr, marker.empty() ? nullptr : marker.data(),
                                     buffer.data(), static_cast<ULONG>(buffer.size() * 8), &done);
    if (status < 0) return status;
    std::vector<const DirectoryInfo*> entries;
    const auto* begin = reinterpret_cast<const BYTE*>(buffer.data());
    for (ULONG at = 0; at + 2 <= done;) {
      const auto* info = reinterpret_cast<const DirectoryInfo*>(begin + at);
      if (info->size == 0) {
        end = true;
        break;
      }
      entries.push_back(info);
      at += (static_cast<ULONG>(info->size) + 7) & ~7ul;
    }
    if (!end && entries.size() > 4) entries.resize(entries.size() - 3);
    if (!end && entries.empty()) return static_cast<NtStatus>(0xC0000001);
    for (const DirectoryInfo* info : entries) {
      const auto* name = reinterpret_cast<const wchar_t*>(info + 1);
      marker.assign(name, (info->size - sizeof(DirectoryInfo)) / 2);
      text += marker + L'|' + std::to_wstring(info->file.file_size) + L'|' + std::to_wstring(info->file.attributes) + L'\n';
    }
  }
  if (text.size() * 2 > call.results[0]) return kBufferOverflowed;
  std::memcpy(call.bytes, text.data(), text.size() * 2);
  call.results[0] = text.size() * 2;
  return 0;
}

NtStatus Find(const Call& call) {
  std::vector<UINT64> memory((sizeof(DirectoryInfo) + call.name.size() * 2 + 15) / 8);
  auto* info = reinterpret_cast<DirectoryInfo*>(memory.data());
  const NtStatus status = call.callbacks.GetDirInfoByName(call.fs, call.handle().context, const_cast<PWSTR>(call.name.c_str()), info);
  if (status >= 0) call.Tell(info->file);
  return status;
}

NtStatus Rename(const Call& call) {
  Handle& handle = call.handle();
  const NtStatus status = call.callbacks.Rename(call.fs, handle.context, const_cast<PWSTR>(handle.name.c_str()),
                                                const_cast<PWSTR>(call.name.c_str()), call.second != 0);
  if (status >= 0) handle.name = call.name;
  return status;
}

NtStatus Information(const Call& call) {
  FileInfo info = {};
  const NtStatus status = call.callbacks.GetFileInfo(call.fs, call.handle().context, &info);
  call.Tell(info);
  return status;
}

NtStatus SetSize(const Call& call) {
  FileInfo info = {};
  const BOOLEAN allocation = call.argument == L"allocation";
  const NtStatus status = call.callbacks.SetFileSize(call.fs, call.handle().context, call.second, allocation, &info);
  call.Tell(info);
  return status;
}

NtStatus SetTime(const Call& call) {
  FileInfo info = {};
  const NtStatus status = call.callbacks.SetBasicInfo(call.fs, call.handle().context, INVALID_FILE_ATTRIBUTES, 0, 0, call.second, 0, &info);
  call.Tell(info);
  return status;
}

NtStatus Flush(const Call& call) {
  FileInfo info = {};
  const NtStatus status = call.callbacks.Flush(call.fs, call.handle().context, &info);
  return status < 0 ? status : call.callbacks.Flush(call.fs, nullptr, nullptr);
}

NtStatus GetSecurity(const Call& call) {
  std::vector<BYTE> buffer(4096);
  SIZE_T size = buffer.size();
  const NtStatus status = call.callbacks.GetSecurity(call.fs, call.handle().context, buffer.data(), &size);
  if (status < 0) return status;
  PWSTR text = nullptr;
  ConvertSecurityDescriptorToStringSecurityDescriptorW(buffer.data(), SDDL_REVISION_1, DACL_SECURITY_INFORMATION, &text, nullptr);
  call.results[0] = std::wcslen(text) * 2;
  std::memcpy(call.bytes, text, call.results[0]);
  LocalFree(text);
  return 0;
}

NtStatus SetSecurity(const Call& call) {
  PSECURITY_DESCRIPTOR change = nullptr;
  ConvertStringSecurityDescriptorToSecurityDescriptorW(call.argument.c_str(), SDDL_REVISION_1, &change, nullptr);
  const NtStatus status = call.callbacks.SetSecurity(call.fs, call.handle().context, DACL_SECURITY_INFORMATION, change);
  LocalFree(change);
  return status;
}

NtStatus Volume(const Call& call) {
  VolumeInfo info = {};
  const NtStatus status = call.callbacks.GetVolumeInfo(call.fs, &info);
  call.results[0] = info.total_size;
  call.results[1] = info.free_size;
  return status;
}

const std::map<std::string, NtStatus (*)(const Call&)> kCalls = {
    {"open", Open},          {"close", Close},           {"delete", Delete},           {"read", Read},
    {"write", Write},        {"list", List},             {"find", Find},               {"rename", Rename},
    {"information", Information}, {"set-size", SetSize}, {"set-time", SetTime},        {"flush", Flush},
    {"get-security", GetSecurity}, {"set-security", SetSecurity}, {"volume", Volume},
};

}  // namespace

/**
 * Does one thing on a dispatcher's thread. `results` has four numbers, of which the first is also the length of `bytes` that counts.
 * "leaks" tells of open handles and of security descriptors that were not given back.
 */
extern "C" NtStatus TswslTestCall(const char* what, const wchar_t* prefix, const wchar_t* name, const wchar_t* argument,
                                  void* bytes, UINT64 first, UINT64 second, void* results) {
  auto* numbers = static_cast<UINT64*>(results);
  if (std::string(what) == "leaks") {
    numbers[0] = static_cast<UINT64>(open_handles.load());
    numbers[1] = static_cast<UINT64>(DescriptorsInUse());
    return 0;
  }
  StandIn* fs = FindFileSystem(prefix);
  if (fs == nullptr) return kDisconnected;
  const Call call{fs, *fs->callbacks, name, argument, static_cast<BYTE*>(bytes), first, second, numbers};
  NtStatus status = kDisconnected;
  fs->Dispatch([&] { status = kCalls.at(what)(call); });
  return status;
}
