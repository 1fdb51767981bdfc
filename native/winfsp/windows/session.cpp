#include "winfsp/windows/session.h"

#include <cstdio>
#include <string>
#include <utility>

#include "winfsp/windows/callbacks.h"

namespace tswsl::winfsp {
namespace {

constexpr char kMissing[] = "WinFsp is not installed; install it: winget install WinFsp.WinFsp";
/** A guest that hangs holds one for each of its callers, until the deadline; others should still be served. */
constexpr ULONG kThreads = 32;

const Library& RequireLibrary() {
  const Library* library = GetLibrary();
  if (library == nullptr) throw MountError{.code = 0xC0000135, .message = kMissing};  // STATUS_DLL_NOT_FOUND
  return *library;
}

std::wstring Widen(const std::string& text) {
  std::wstring wide(text.size(), L'\0');
  const int length = MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), wide.data(),
                                         static_cast<int>(wide.size()));
  wide.resize(static_cast<size_t>(length));
  return wide;
}

template <size_t kSize>
void Copy(const std::string& text, WCHAR (&place)[kSize], const char* what) {
  const std::wstring wide = Widen(text);
  if (wide.size() >= kSize) {
    throw MountError{.code = 0xC000000D, .message = std::string(what) + " is too long"};  // STATUS_INVALID_PARAMETER
  }
  wide.copy(place, wide.size());
}

VolumeParams ParamsOf(const MountOptions& options) {
  FILETIME now = {};
  GetSystemTimeAsFileTime(&now);
  VolumeParams params = {};
  params.version = sizeof params;
  params.sector_size = 4096;
  params.sectors_per_allocation_unit = 1;
  params.max_component_length = 255;
  params.volume_creation_time = static_cast<UINT64>(now.dwHighDateTime) << 32 | now.dwLowDateTime;
  params.volume_serial_number = now.dwLowDateTime;
  params.file_info_timeout = static_cast<UINT32>(options.attribute_timeout.count());
  params.flags = kCaseSensitiveSearch | kCasePreservedNames | kUnicodeOnDisk | kPersistentAcls |
                 kPostCleanupWhenModifiedOnly | kPassQueryDirectoryFileName | kFileContextIsUserContext2 |
                 kSupportsPosixUnlinkRename;
  Copy(options.prefix, params.prefix, "the prefix");
  Copy(options.name, params.file_system_name, "the file system's name");
  return params;
}

void Require(NtStatus status, const char* call) {
  if (status >= 0) return;
  char text[64];
  std::snprintf(text, sizeof text, "%s: 0x%08lX", call, static_cast<unsigned long>(status));
  throw MountError{.code = static_cast<uint32_t>(status), .message = text};
}

}  // namespace

Session::Session(const MountOptions& options, std::shared_ptr<Volume> volume)
    : library_(RequireLibrary()), volume_(std::move(volume)), owner_(OwnerOfProcess(library_)) {
  const VolumeParams params = ParamsOf(options);
  wchar_t device[] = L"WinFsp.Net";
  Require(library_.FspFileSystemCreate(device, &params, &Callbacks(), &file_system_), "FspFileSystemCreate");
  file_system_->user_context = this;
  const NtStatus started = library_.FspFileSystemStartDispatcher(file_system_, kThreads);
  if (started >= 0) return;
  library_.FspFileSystemDelete(file_system_);
  Require(started, "FspFileSystemStartDispatcher");
}

Session::~Session() { Stop(); }

// The volume is closed by now, so that no dispatcher's thread waits for an answer.
void Session::Stop() {
  FileSystem* file_system = std::exchange(file_system_, nullptr);
  if (file_system == nullptr) return;
  library_.FspFileSystemStopDispatcher(file_system);
  library_.FspFileSystemDelete(file_system);
}

}  // namespace tswsl::winfsp

namespace tswsl {

std::unique_ptr<Host> StartHost(const MountOptions& options, std::shared_ptr<Volume> volume) {
  return std::make_unique<winfsp::Session>(options, std::move(volume));
}

std::string WhatIsMissing() { return winfsp::GetLibrary() == nullptr ? winfsp::kMissing : ""; }

}  // namespace tswsl
