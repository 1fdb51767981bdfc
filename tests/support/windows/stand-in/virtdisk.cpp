#include <winsock2.h>

#include <windows.h>
#include <virtdisk.h>

#include <map>

#include "host_link.h"

namespace {

constexpr const wchar_t* kRole = L"disk";

std::mutex mutex;
std::map<HANDLE, std::wstring> paths;

/** A real handle of the file, which the caller closes with CloseHandle; what it is of is remembered here. */
DWORD OpenFile(PCWSTR path, HANDLE* handle) {
  *handle = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                        OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (*handle == INVALID_HANDLE_VALUE) return GetLastError();
  const std::lock_guard<std::mutex> lock(mutex);
  paths[*handle] = path;
  return ERROR_SUCCESS;
}

std::wstring PathOf(HANDLE handle) {
  const std::lock_guard<std::mutex> lock(mutex);
  const auto found = paths.find(handle);
  return found == paths.end() ? std::wstring() : found->second;
}

/** Of these calls the answer is a Win32 error. */
DWORD Forward(const wchar_t* function, Message arguments, Reply* reply) {
  *reply = HostLink::Call(kRole, function, std::move(arguments));
  return static_cast<DWORD>(reply->hresult);
}

}  // namespace

extern "C" {

DWORD WINAPI CreateVirtualDisk(PVIRTUAL_STORAGE_TYPE type, PCWSTR path, VIRTUAL_DISK_ACCESS_MASK, PSECURITY_DESCRIPTOR,
                               CREATE_VIRTUAL_DISK_FLAG flags, ULONG, PCREATE_VIRTUAL_DISK_PARAMETERS parameters,
                               LPOVERLAPPED, PHANDLE handle) {
  if (parameters == nullptr || parameters->Version != CREATE_VIRTUAL_DISK_VERSION_2) return ERROR_INVALID_PARAMETER;
  Reply reply;
  const DWORD error = Forward(L"CreateVirtualDisk",
                              {path, std::to_wstring(type->DeviceId), std::to_wstring(flags),
                               std::to_wstring(parameters->Version2.MaximumSize),
                               std::to_wstring(parameters->Version2.BlockSizeInBytes)},
                              &reply);
  return error == ERROR_SUCCESS ? OpenFile(path, handle) : error;
}

DWORD WINAPI OpenVirtualDisk(PVIRTUAL_STORAGE_TYPE, PCWSTR path, VIRTUAL_DISK_ACCESS_MASK, OPEN_VIRTUAL_DISK_FLAG,
                             POPEN_VIRTUAL_DISK_PARAMETERS, PHANDLE handle) {
  Reply reply;
  const DWORD error = Forward(L"OpenVirtualDisk", {path}, &reply);
  return error == ERROR_SUCCESS ? OpenFile(path, handle) : error;
}

DWORD WINAPI ResizeVirtualDisk(HANDLE handle, RESIZE_VIRTUAL_DISK_FLAG, PRESIZE_VIRTUAL_DISK_PARAMETERS parameters,
                               LPOVERLAPPED) {
  Reply reply;
  return Forward(L"ResizeVirtualDisk", {PathOf(handle), std::to_wstring(parameters->Version1.NewSize)}, &reply);
}

DWORD WINAPI CompactVirtualDisk(HANDLE handle, COMPACT_VIRTUAL_DISK_FLAG, PCOMPACT_VIRTUAL_DISK_PARAMETERS,
                                LPOVERLAPPED) {
  Reply reply;
  return Forward(L"CompactVirtualDisk", {PathOf(handle)}, &reply);
}

DWORD WINAPI GetVirtualDiskInformation(HANDLE handle, PULONG size, PGET_VIRTUAL_DISK_INFO info, PULONG used) {
  if (info->Version != GET_VIRTUAL_DISK_INFO_SIZE || *size < sizeof *info) return ERROR_INVALID_PARAMETER;
  Reply reply;
  const DWORD error = Forward(L"GetVirtualDiskInformation", {PathOf(handle)}, &reply);
  if (error != ERROR_SUCCESS) return error;
  info->Size.VirtualSize = reply.Handle(0);
  info->Size.PhysicalSize = reply.Handle(1);
  info->Size.BlockSize = static_cast<ULONG>(reply.Handle(2));
  info->Size.SectorSize = 512;
  if (used != nullptr) *used = sizeof *info;
  return ERROR_SUCCESS;
}

}  // extern "C"
