#pragma once

#include "winfsp/windows/layout.h"

namespace tswsl::winfsp {

using MakeDescriptor = NtStatus (*)(UINT32 uid, UINT32 gid, UINT32 mode, PSECURITY_DESCRIPTOR*);

/** The entry points of winfsp-x64.dll, by the library's own names. */
struct Library {
  NtStatus (*FspFileSystemCreate)(PWSTR device, const VolumeParams*, const Interface*, FileSystem**) = nullptr;
  VOID (*FspFileSystemDelete)(FileSystem*) = nullptr;
  NtStatus (*FspFileSystemStartDispatcher)(FileSystem*, ULONG threads) = nullptr;
  VOID (*FspFileSystemStopDispatcher)(FileSystem*) = nullptr;
  BOOLEAN (*FspFileSystemAddDirInfo)(DirectoryInfo*, PVOID buffer, ULONG length, PULONG done) = nullptr;
  MakeDescriptor FspPosixMapPermissionsToSecurityDescriptor = nullptr;
  NtStatus (*FspPosixMapSecurityDescriptorToPermissions)(PSECURITY_DESCRIPTOR, PUINT32 uid, PUINT32 gid, PUINT32 mode) = nullptr;
  NtStatus (*FspPosixMapSidToUid)(PSID, PUINT32 uid) = nullptr;
  NtStatus (*FspSetSecurityDescriptor)(PSECURITY_DESCRIPTOR, SECURITY_INFORMATION, PSECURITY_DESCRIPTOR change,
                                       PSECURITY_DESCRIPTOR* result) = nullptr;
  /** The second argument is the function that made it. */
  VOID (*FspDeleteSecurityDescriptor)(PSECURITY_DESCRIPTOR, NtStatus (*)()) = nullptr;
};

/** WinFsp where it is installed, or null. Loaded once, and kept. */
const Library* GetLibrary();

}  // namespace tswsl::winfsp
