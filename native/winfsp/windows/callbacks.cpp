#include "winfsp/windows/callbacks.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

#include "winfsp/linux_errors.h"
#include "winfsp/windows/asking.h"
#include "winfsp/windows/directory.h"
#include "winfsp/windows/file_info.h"
#include "winfsp/windows/names.h"
#include "winfsp/windows/open_file.h"
#include "winfsp/windows/security.h"
#include "winfsp/windows/session.h"
#include "winfsp/windows/status.h"

namespace tswsl::winfsp {
namespace {

constexpr UINT32 kDirectoryFile = 1;  // FILE_DIRECTORY_FILE of NtCreateFile
constexpr uint32_t kReadWrite = 2;    // Linux's O_RDWR, O_CREAT, O_EXCL
constexpr uint32_t kCreateNew = 0100 | 0200;
constexpr uint32_t kNoReplace = 1;  // RENAME_NOREPLACE
/** What a new file gets in a distro, as with the usual umask. */
constexpr uint32_t kFileMode = 0644;
constexpr uint32_t kDirectoryMode = 0755;

Session& SessionOf(FileSystem* file_system) {
  // Set by Session.
  return *static_cast<Session*>(file_system->user_context);
}

OpenFile& FileOf(PVOID context) {
  // Made by Create or Open.
  return *static_cast<OpenFile*>(context);
}

// ENOENT for a path whose parent is not there either has a status of its own, by which programs make folders.
NtStatus LookUpPath(Volume& volume, const Path& path, Found& found) {
  const int error = LookUp(volume, kRootNode, path.Whole(), found);
  if (error == linux_errors::kNotDirectory) return kPathNotFound;
  if (error != linux_errors::kNoEntry || path.parent.empty()) return StatusOf(error);
  Found parent;
  if (LookUp(volume, kRootNode, path.parent, parent) != 0) return kPathNotFound;
  Forget(volume, parent.node);
  return StatusOf(error);
}

// The directory that a path's last name is in, for as long as it is needed.
class Parent {
 public:
  Parent(Volume& volume, const Path& path) : volume_(volume) {
    const int error = LookUp(volume, kRootNode, path.parent, found_);
    const bool absent = error == linux_errors::kNoEntry || error == linux_errors::kNotDirectory;
    status_ = absent ? kPathNotFound : StatusOf(error);
  }
  Parent(const Parent&) = delete;
  Parent& operator=(const Parent&) = delete;
  ~Parent() {
    if (status_ >= 0) Forget(volume_, found_.node);
  }
  NtStatus status() const { return status_; }
  uint64_t node() const { return found_.node; }

 private:
  Volume& volume_;
  Found found_;
  NtStatus status_;
};

// Fills in what an operation has changed.
NtStatus Describe(Volume& volume, const OpenFile& file, FileInfo* info) {
  Attributes attributes;
  const int error = GetAttributes(volume, file.node, file.directory ? std::nullopt : file.handle, attributes);
  if (error == 0) Fill(*info, attributes);
  return StatusOf(error);
}

NtStatus Change(Volume& volume, const OpenFile& file, Request request, FileInfo* info) {
  request.operation = Operation::kSetattr;
  request.node = file.node;
  if (!file.directory) request.handle = file.handle;
  return StatusOf(Ask(volume, std::move(request), [info](const Answer& answer) {
    if (info != nullptr) Fill(*info, answer.attributes);
  }));
}

NtStatus GetVolumeInfo(FileSystem* file_system, VolumeInfo* info) {
  *info = {};
  return StatusOf(Ask(SessionOf(file_system).volume(), {.operation = Operation::kStatfs, .node = kRootNode},
                      [info](const Answer& answer) {
                        const Statistics& statistics = answer.statistics;
                        info->total_size = statistics.blocks * statistics.block_size;
                        info->free_size = statistics.available_blocks * statistics.block_size;
                      }));
}

NtStatus GetSecurityByName(FileSystem* file_system, PWSTR name, PUINT32 attributes, PSECURITY_DESCRIPTOR descriptor,
                           SIZE_T* size) {
  const Session& session = SessionOf(file_system);
  const auto path = ToLinuxPath(name);
  if (!path) return kNameInvalid;
  Found found;
  const NtStatus status = LookUpPath(session.volume(), *path, found);
  if (status < 0) return status;
  Forget(session.volume(), found.node);
  if (attributes != nullptr) *attributes = FileAttributesOf(found.attributes);
  return CopyDescriptor(session.library(), session.owner(), found.attributes, descriptor, size);
}

NtStatus Create(FileSystem* file_system, PWSTR name, UINT32 options, UINT32, UINT32, PSECURITY_DESCRIPTOR, UINT64,
                PVOID* context, FileInfo* info) {
  Volume& volume = SessionOf(file_system).volume();
  const auto path = ToLinuxPath(name);
  if (!path) return kNameInvalid;
  const Parent parent(volume, *path);
  if (parent.status() < 0) return parent.status();
  auto file = std::make_unique<OpenFile>();
  file->directory = (options & kDirectoryFile) != 0;
  Request request{.operation = Operation::kMkdir, .node = parent.node(), .name = path->name, .mode = kDirectoryMode};
  if (!file->directory) {
    request.operation = Operation::kCreate;
    request.flags = kCreateNew | kReadWrite;
    request.mode = kFileMode;
  }
  Found made;
  const int error = AskForEntry(volume, std::move(request), made);
  if (error != 0) return StatusOf(error);
  file->node = made.node;
  if (!file->directory) file->handle = made.handle;
  Fill(*info, made.attributes);
  *context = file.release();
  return kSuccess;
}

// Linux's flags for what was granted; nothing when the content was not asked for.
std::optional<uint32_t> OpenFlags(UINT32 access) {
  const bool reads = (access & (FILE_READ_DATA | FILE_EXECUTE)) != 0;
  const bool writes = (access & (FILE_WRITE_DATA | FILE_APPEND_DATA)) != 0;
  if (reads && writes) return kReadWrite;
  if (writes) return 1;
  if (reads) return 0;
  return std::nullopt;
}

NtStatus Open(FileSystem* file_system, PWSTR name, UINT32, UINT32 access, PVOID* context, FileInfo* info) {
  Volume& volume = SessionOf(file_system).volume();
  const auto path = ToLinuxPath(name);
  if (!path) return kNameInvalid;
  Found found;
  const NtStatus status = LookUpPath(volume, *path, found);
  if (status < 0) return status;
  auto file = std::make_unique<OpenFile>();
  file->node = found.node;
  file->directory = IsDirectory(found.attributes);
  file->root = path->name.empty();
  if (const auto flags = OpenFlags(access); flags && !file->directory) {
    const int error = Ask(volume, {.operation = Operation::kOpen, .node = file->node, .flags = *flags},
                          [&file](const Answer& answer) { file->handle = answer.handle; });
    if (error != 0) {
      Forget(volume, file->node);
      return StatusOf(error);
    }
  }
  Fill(*info, found.attributes);
  *context = file.release();
  return kSuccess;
}

NtStatus Overwrite(FileSystem* file_system, PVOID context, UINT32, BOOLEAN, UINT64, FileInfo* info) {
  return Change(SessionOf(file_system).volume(), FileOf(context), {.size = 0}, info);
}

// The name is removed, which for a symbolic link is the link and not what it leads to.
void Cleanup(FileSystem* file_system, PVOID context, PWSTR name, ULONG flags) {
  if ((flags & kCleanupDelete) == 0 || name == nullptr) return;
  Volume& volume = SessionOf(file_system).volume();
  const auto path = ToLinuxPath(name);
  if (!path) return;
  const Parent parent(volume, *path);
  if (parent.status() < 0) return;
  Request request{.operation = Operation::kUnlink, .node = parent.node(), .name = path->name};
  if (FileOf(context).directory) {
    request.operation = Operation::kRmdir;
    if (Ask(volume, request) != linux_errors::kNotDirectory) return;
    request.operation = Operation::kUnlink;
  }
  Ask(volume, std::move(request));
}

void Close(FileSystem* file_system, PVOID context) {
  Volume& volume = SessionOf(file_system).volume();
  const std::unique_ptr<OpenFile> file(&FileOf(context));
  if (file->handle) {
    const Operation operation = file->directory ? Operation::kReleasedir : Operation::kRelease;
    Ask(volume, {.operation = operation, .node = file->node, .handle = file->handle});
  }
  Forget(volume, file->node);
}

NtStatus Read(FileSystem* file_system, PVOID context, PVOID buffer, UINT64 offset, ULONG length, PULONG done) {
  *done = 0;
  const OpenFile& file = FileOf(context);
  const int error = Ask(
      SessionOf(file_system).volume(),
      {.operation = Operation::kRead, .node = file.node, .handle = file.handle.value_or(0), .offset = offset, .length = length},
      [&](const Answer& answer) {
        *done = static_cast<ULONG>(std::min<size_t>(answer.bytes.size(), length));
        std::memcpy(buffer, answer.bytes.data(), *done);
      });
  if (error != 0) return StatusOf(error);
  return *done == 0 && length > 0 ? kEndOfFile : kSuccess;
}

NtStatus Write(FileSystem* file_system, PVOID context, PVOID buffer, UINT64 offset, ULONG length, BOOLEAN to_end,
               BOOLEAN constrained, PULONG done, FileInfo* info) {
  *done = 0;
  Volume& volume = SessionOf(file_system).volume();
  const OpenFile& file = FileOf(context);
  if (to_end || constrained) {
    Attributes attributes;
    const int error = GetAttributes(volume, file.node, file.handle, attributes);
    if (error != 0) return StatusOf(error);
    if (to_end) offset = attributes.size;
    if (constrained) length = static_cast<ULONG>(std::min<UINT64>(length, attributes.size - std::min(offset, attributes.size)));
  }
  if (length > 0) {
    Request request{.operation = Operation::kWrite, .node = file.node, .handle = file.handle.value_or(0), .offset = offset};
    const auto* bytes = static_cast<const uint8_t*>(buffer);
    // A copy, because the buffer is gone when the deadline passes.
    request.data.assign(bytes, bytes + length);
    const int error = Ask(volume, std::move(request),
                          [&](const Answer& answer) { *done = std::min<ULONG>(answer.count, length); });
    if (error != 0) return StatusOf(error);
  }
  return Describe(volume, file, info);
}

// A null context is the whole volume, whose files are flushed one by one.
NtStatus Flush(FileSystem* file_system, PVOID context, FileInfo* info) {
  if (context == nullptr) return kSuccess;
  Volume& volume = SessionOf(file_system).volume();
  const OpenFile& file = FileOf(context);
  if (file.handle && !file.directory) {
    const int error = Ask(volume, {.operation = Operation::kFsync, .node = file.node, .handle = file.handle});
    if (error != 0) return StatusOf(error);
  }
  return Describe(volume, file, info);
}

NtStatus GetFileInfo(FileSystem* file_system, PVOID context, FileInfo* info) {
  return Describe(SessionOf(file_system).volume(), FileOf(context), info);
}

// Zero leaves a time as it is, and so does the largest number. Linux has no other attributes to set.
std::optional<TimeChange> TimeOf(UINT64 file_time) {
  if (file_time == 0 || file_time == ~UINT64{0}) return std::nullopt;
  return TimeChange{.time = ToTime(file_time)};
}

NtStatus SetBasicInfo(FileSystem* file_system, PVOID context, UINT32, UINT64, UINT64 access, UINT64 write, UINT64,
                      FileInfo* info) {
  Volume& volume = SessionOf(file_system).volume();
  Request request{.accessed = TimeOf(access), .modified = TimeOf(write)};
  if (!request.accessed && !request.modified) return Describe(volume, FileOf(context), info);
  return Change(volume, FileOf(context), std::move(request), info);
}

// An allocation has no effect here but that a file does not exceed it.
NtStatus SetFileSize(FileSystem* file_system, PVOID context, UINT64 size, BOOLEAN allocation, FileInfo* info) {
  Volume& volume = SessionOf(file_system).volume();
  const OpenFile& file = FileOf(context);
  if (allocation) {
    const NtStatus status = Describe(volume, file, info);
    if (status < 0 || info->file_size <= size) return status;
  }
  return Change(volume, file, {.size = size}, info);
}

NtStatus CanDelete(FileSystem* file_system, PVOID context, PWSTR) {
  OpenFile& file = FileOf(context);
  return file.directory ? RequireEmpty(SessionOf(file_system).volume(), file) : kSuccess;
}

NtStatus Rename(FileSystem* file_system, PVOID, PWSTR name, PWSTR new_name, BOOLEAN replace) {
  Volume& volume = SessionOf(file_system).volume();
  const auto from = ToLinuxPath(name);
  const auto to = ToLinuxPath(new_name);
  if (!from || !to) return kNameInvalid;
  const Parent parent(volume, *from);
  if (parent.status() < 0) return parent.status();
  const Parent new_parent(volume, *to);
  if (new_parent.status() < 0) return new_parent.status();
  return StatusOf(Ask(volume, {.operation = Operation::kRename,
                               .node = parent.node(),
                               .name = from->name,
                               .new_node = new_parent.node(),
                               .new_name = to->name,
                               .flags = replace ? 0 : kNoReplace}));
}

NtStatus GetSecurity(FileSystem* file_system, PVOID context, PSECURITY_DESCRIPTOR descriptor, SIZE_T* size) {
  const Session& session = SessionOf(file_system);
  Attributes attributes;
  const int error = GetAttributes(session.volume(), FileOf(context).node, std::nullopt, attributes);
  if (error != 0) return StatusOf(error);
  return CopyDescriptor(session.library(), session.owner(), attributes, descriptor, size);
}

// Permissions only: who owns a file in a distro is not for Windows' accounts to say.
NtStatus SetSecurity(FileSystem* file_system, PVOID context, SECURITY_INFORMATION what, PSECURITY_DESCRIPTOR change) {
  const Session& session = SessionOf(file_system);
  const OpenFile& file = FileOf(context);
  Attributes attributes;
  const int error = GetAttributes(session.volume(), file.node, std::nullopt, attributes);
  if (error != 0) return StatusOf(error);
  UINT32 mode = 0;
  const NtStatus status = ChangedMode(session.library(), session.owner(), attributes, what, change, &mode);
  if (status < 0 || ((mode ^ attributes.mode) & 07777) == 0) return status;
  return Change(session.volume(), file, {.mode = mode & 07777}, nullptr);
}

NtStatus ReadDirectory(FileSystem* file_system, PVOID context, PWSTR, PWSTR marker, PVOID buffer, ULONG length, PULONG done) {
  const Session& session = SessionOf(file_system);
  return ListDirectory(session.library(), session.volume(), FileOf(context), marker, buffer, length, done);
}

NtStatus GetDirInfoByName(FileSystem* file_system, PVOID context, PWSTR name, DirectoryInfo* info) {
  Volume& volume = SessionOf(file_system).volume();
  const auto linux_name = ToLinuxName(name);
  if (!linux_name) return kNameInvalid;
  Found found;
  const int error = LookUp(volume, FileOf(context).node, *linux_name, found);
  if (error != 0) return StatusOf(error);
  Forget(volume, found.node);
  const size_t bytes = std::wcslen(name) * sizeof(wchar_t);
  info->size = static_cast<UINT16>(sizeof(DirectoryInfo) + bytes);
  Fill(info->file, found.attributes);
  std::memcpy(info + 1, name, bytes);
  return kSuccess;
}

// The driver has ended it, as when WinFsp is taken off the machine.
void DispatcherStopped(FileSystem* file_system, BOOLEAN normally) {
  if (!normally) SessionOf(file_system).volume().Notify({.operation = Operation::kUnmounted});
}

Interface MakeCallbacks() {
  Interface callbacks = {};
  callbacks.GetVolumeInfo = GetVolumeInfo;
  callbacks.GetSecurityByName = GetSecurityByName;
  callbacks.Create = Create;
  callbacks.Open = Open;
  callbacks.Overwrite = Overwrite;
  callbacks.Cleanup = Cleanup;
  callbacks.Close = Close;
  callbacks.Read = Read;
  callbacks.Write = Write;
  callbacks.Flush = Flush;
  callbacks.GetFileInfo = GetFileInfo;
  callbacks.SetBasicInfo = SetBasicInfo;
  callbacks.SetFileSize = SetFileSize;
  callbacks.CanDelete = CanDelete;
  callbacks.Rename = Rename;
  callbacks.GetSecurity = GetSecurity;
  callbacks.SetSecurity = SetSecurity;
  callbacks.ReadDirectory = ReadDirectory;
  callbacks.GetDirInfoByName = GetDirInfoByName;
  callbacks.DispatcherStopped = DispatcherStopped;
  return callbacks;
}

}  // namespace

const Interface& Callbacks() {
  static const Interface callbacks = MakeCallbacks();
  return callbacks;
}

}  // namespace tswsl::winfsp
