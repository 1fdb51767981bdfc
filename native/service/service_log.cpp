#include "service/service_log.h"

#include <stdio.h>

#include <array>

namespace tswsl {
namespace {

constexpr LONGLONG kMaxBytes = 1024 * 1024;

HANDLE OpenForAppending(const std::wstring& path, SECURITY_ATTRIBUTES* attributes) {
  return CreateFileW(path.c_str(), FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, attributes,
                     OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
}

std::string Utf8(const std::wstring& text) {
  const int size = static_cast<int>(text.size());
  std::string bytes(text.size() * 3, '\0');
  const int length =
      WideCharToMultiByte(CP_UTF8, 0, text.data(), size, bytes.data(), static_cast<int>(bytes.size()), nullptr, nullptr);
  bytes.resize(static_cast<size_t>(length));
  return bytes;
}

std::string Now() {
  SYSTEMTIME now = {};
  GetSystemTime(&now);
  std::array<char, 40> text = {};
  snprintf(text.data(), text.size(), "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ ", now.wYear, now.wMonth, now.wDay, now.wHour,
           now.wMinute, now.wSecond, now.wMilliseconds);
  return text.data();
}

void EmptyWhenLong(const std::wstring& path) {
  WIN32_FILE_ATTRIBUTE_DATA found = {};
  if (!GetFileAttributesExW(path.c_str(), GetFileExInfoStandard, &found)) return;
  const LONGLONG bytes = (static_cast<LONGLONG>(found.nFileSizeHigh) << 32) | found.nFileSizeLow;
  if (bytes > kMaxBytes) DeleteFileW(path.c_str());
}

}  // namespace

ServiceLog::ServiceLog(const std::wstring& home) : directory_(home + L"\\logs") {
  CreateDirectoryW(home.c_str(), nullptr);
  CreateDirectoryW(directory_.c_str(), nullptr);
  EmptyWhenLong(directory_ + L"\\service.log");
}

void ServiceLog::Write(const std::wstring& line) const {
  const HANDLE file = OpenForAppending(directory_ + L"\\service.log", nullptr);
  if (file == INVALID_HANDLE_VALUE) return;
  const std::string bytes = Now() + Utf8(line) + "\n";
  DWORD written = 0;
  WriteFile(file, bytes.data(), static_cast<DWORD>(bytes.size()), &written, nullptr);
  CloseHandle(file);
}

HANDLE ServiceLog::OpenDaemonLog() const {
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, nullptr, TRUE};
  return OpenForAppending(directory_ + L"\\daemon.log", &inherited);
}

}  // namespace tswsl
