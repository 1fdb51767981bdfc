#pragma once

#include <windows.h>

#include <cstddef>
#include <cstdint>

namespace tswsl::winfsp {

// What winfsp-x64.dll takes and gives, by offset: WinFsp's licence is not ours, so its headers are not used.

using NtStatus = LONG;

struct FileInfo {
  UINT32 attributes;
  UINT32 reparse_tag;
  UINT64 allocation_size;
  UINT64 file_size;
  UINT64 creation_time;
  UINT64 last_access_time;
  UINT64 last_write_time;
  UINT64 change_time;
  UINT64 index_number;
  UINT32 hard_links;
  UINT32 ea_size;
};
static_assert(sizeof(FileInfo) == 72);

struct VolumeInfo {
  UINT64 total_size;
  UINT64 free_size;
  /** In bytes. */
  UINT16 label_length;
  WCHAR label[32];
};
static_assert(sizeof(VolumeInfo) == 88);

/** The name follows, without a terminator. */
struct DirectoryInfo {
  /** With the name. */
  UINT16 size;
  FileInfo file;
  UINT8 padding[24];
};
static_assert(sizeof(DirectoryInfo) == 104 && offsetof(DirectoryInfo, file) == 8);

enum VolumeFlags : UINT32 {
  kCaseSensitiveSearch = 1u << 0,
  kCasePreservedNames = 1u << 1,
  kUnicodeOnDisk = 1u << 2,
  kPersistentAcls = 1u << 3,
  kPostCleanupWhenModifiedOnly = 1u << 10,
  kPassQueryDirectoryFileName = 1u << 13,
  kFileContextIsUserContext2 = 1u << 16,
  kSupportsPosixUnlinkRename = 1u << 29,
};

struct VolumeParams {
  UINT16 version;
  UINT16 sector_size;
  UINT16 sectors_per_allocation_unit;
  UINT16 max_component_length;
  UINT64 volume_creation_time;
  UINT32 volume_serial_number;
  UINT32 transact_timeout;
  UINT32 irp_timeout;
  UINT32 irp_capacity;
  UINT32 file_info_timeout;
  UINT32 flags;
  WCHAR prefix[192];
  WCHAR file_system_name[16];
  UINT32 validity;
  UINT32 other_timeouts[5];
  UINT8 reserved[24];
};
static_assert(sizeof(VolumeParams) == 504 && offsetof(VolumeParams, prefix) == 40);
static_assert(offsetof(VolumeParams, file_system_name) == 424 && offsetof(VolumeParams, validity) == 456);

struct Interface;

struct FileSystem {
  UINT16 version;
  void* user_context;
  // What follows is the library's.
};
static_assert(offsetof(FileSystem, user_context) == 8);

inline constexpr ULONG kCleanupDelete = 1;

using Unused = void (*)();

struct Interface {
  NtStatus (*GetVolumeInfo)(FileSystem*, VolumeInfo*);
  Unused SetVolumeLabel;
  NtStatus (*GetSecurityByName)(FileSystem*, PWSTR name, PUINT32 attributes, PSECURITY_DESCRIPTOR, SIZE_T* size);
  NtStatus (*Create)(FileSystem*, PWSTR name, UINT32 options, UINT32 access, UINT32 attributes, PSECURITY_DESCRIPTOR,
                     UINT64 allocation_size, PVOID* context, FileInfo*);
  NtStatus (*Open)(FileSystem*, PWSTR name, UINT32 options, UINT32 access, PVOID* context, FileInfo*);
  NtStatus (*Overwrite)(FileSystem*, PVOID context, UINT32 attributes, BOOLEAN replace, UINT64 allocation_size, FileInfo*);
  VOID (*Cleanup)(FileSystem*, PVOID context, PWSTR name, ULONG flags);
  VOID (*Close)(FileSystem*, PVOID context);
  NtStatus (*Read)(FileSystem*, PVOID context, PVOID buffer, UINT64 offset, ULONG length, PULONG done);
  NtStatus (*Write)(FileSystem*, PVOID context, PVOID buffer, UINT64 offset, ULONG length, BOOLEAN to_end,
                    BOOLEAN constrained, PULONG done, FileInfo*);
  NtStatus (*Flush)(FileSystem*, PVOID context, FileInfo*);
  NtStatus (*GetFileInfo)(FileSystem*, PVOID context, FileInfo*);
  NtStatus (*SetBasicInfo)(FileSystem*, PVOID context, UINT32 attributes, UINT64 creation, UINT64 access, UINT64 write,
                           UINT64 change, FileInfo*);
  NtStatus (*SetFileSize)(FileSystem*, PVOID context, UINT64 size, BOOLEAN allocation, FileInfo*);
  NtStatus (*CanDelete)(FileSystem*, PVOID context, PWSTR name);
  NtStatus (*Rename)(FileSystem*, PVOID context, PWSTR name, PWSTR new_name, BOOLEAN replace);
  NtStatus (*GetSecurity)(FileSystem*, PVOID context, PSECURITY_DESCRIPTOR, SIZE_T* size);
  NtStatus (*SetSecurity)(FileSystem*, PVOID context, SECURITY_INFORMATION, PSECURITY_DESCRIPTOR);
  NtStatus (*ReadDirectory)(FileSystem*, PVOID context, PWSTR pattern, PWSTR marker, PVOID buffer, ULONG length, PULONG done);
  Unused reparse_points_and_streams[5];
  NtStatus (*GetDirInfoByName)(FileSystem*, PVOID context, PWSTR name, DirectoryInfo*);
  Unused Control;
  Unused SetDelete;
  Unused CreateEx;
  Unused OverwriteEx;
  Unused extended_attributes[2];
  Unused Obsolete0;
  VOID (*DispatcherStopped)(FileSystem*, BOOLEAN normally);
  Unused reserved[31];
};
static_assert(sizeof(Interface) == 512 && offsetof(Interface, GetDirInfoByName) == 24 * 8);
static_assert(offsetof(Interface, DispatcherStopped) == 32 * 8);

}  // namespace tswsl::winfsp
