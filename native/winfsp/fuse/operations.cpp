#include "winfsp/fuse/operations.h"

#include <utility>

#include "winfsp/fuse/dying_caller.h"
#include "winfsp/fuse/replies.h"
#include "winfsp/fuse/session.h"

namespace tswsl {
namespace {

Volume& VolumeOf(fuse_req_t request) {
  // Set by FuseSession.
  return *static_cast<FuseContext*>(fuse_req_userdata(request))->volume;
}

// Called by the reader, under the request's lock, when a signal has come for the caller. One that it survives is no reason to
// give up: few programs expect stat to fail with EINTR, and it will not take longer than the deadline.
void Interrupted(fuse_req_t request, void* id) {
  if (IsDying(fuse_req_ctx(request)->pid)) VolumeOf(request).Cancel(reinterpret_cast<uintptr_t>(id));
}

void Send(fuse_req_t from, Request request, Reply reply) {
  Volume& volume = VolumeOf(from);
  request.id = volume.Reserve();
  fuse_req_interrupt_func(from, Interrupted, reinterpret_cast<void*>(request.id));
  const uint64_t length = request.length;
  volume.Submit(std::move(request), [from, reply, length](const Answer& answer) -> uint32_t {
    if (answer.error == 0) return reply(from, answer, length);
    fuse_reply_err(from, answer.error);
    return 0;
  });
}

std::optional<uint64_t> HandleOf(const fuse_file_info* info) {
  return info == nullptr ? std::nullopt : std::optional<uint64_t>(info->fh);
}

uint32_t FlagsOf(const fuse_file_info* info) { return static_cast<uint32_t>(info->flags); }

void Init(void*, fuse_conn_info* connection) {
  // Requests come in memory, not in a pipe.
  connection->want &= ~static_cast<unsigned>(FUSE_CAP_SPLICE_READ | FUSE_CAP_SPLICE_WRITE | FUSE_CAP_SPLICE_MOVE);
  // A directory's first listing brings attributes; whether the next do, the kernel decides by their use.
  connection->want |= connection->capable & (FUSE_CAP_READDIRPLUS | FUSE_CAP_READDIRPLUS_AUTO);
}

void Lookup(fuse_req_t from, fuse_ino_t parent, const char* name) {
  Send(from, {.operation = Operation::kLookup, .node = parent, .name = name}, ReplyEntry);
}

void Forget(fuse_req_t from, fuse_ino_t node, uint64_t count) {
  VolumeOf(from).Notify({.operation = Operation::kForget, .node = node, .length = count});
  fuse_reply_none(from);
}

void ForgetMany(fuse_req_t from, size_t count, fuse_forget_data* forgotten) {
  for (size_t i = 0; i < count; i++) {
    VolumeOf(from).Notify(
        {.operation = Operation::kForget, .node = forgotten[i].ino, .length = forgotten[i].nlookup});
  }
  fuse_reply_none(from);
}

void Getattr(fuse_req_t from, fuse_ino_t node, fuse_file_info* info) {
  Send(from, {.operation = Operation::kGetattr, .node = node, .handle = HandleOf(info)}, ReplyAttributes);
}

std::optional<TimeChange> TimeOf(int changes, int set, int now, const timespec& time) {
  if ((changes & now) != 0) return TimeChange{.now = true};
  if ((changes & set) == 0) return std::nullopt;
  return TimeChange{.time = {.seconds = time.tv_sec, .nanoseconds = static_cast<uint32_t>(time.tv_nsec)}};
}

void Setattr(fuse_req_t from, fuse_ino_t node, struct stat* attributes, int changes, fuse_file_info* info) {
  Request request{.operation = Operation::kSetattr, .node = node, .handle = HandleOf(info)};
  if ((changes & FUSE_SET_ATTR_MODE) != 0) request.mode = attributes->st_mode;
  if ((changes & FUSE_SET_ATTR_UID) != 0) request.uid = attributes->st_uid;
  if ((changes & FUSE_SET_ATTR_GID) != 0) request.gid = attributes->st_gid;
  if ((changes & FUSE_SET_ATTR_SIZE) != 0) request.size = static_cast<uint64_t>(attributes->st_size);
  request.accessed = TimeOf(changes, FUSE_SET_ATTR_ATIME, FUSE_SET_ATTR_ATIME_NOW, attributes->st_atim);
  request.modified = TimeOf(changes, FUSE_SET_ATTR_MTIME, FUSE_SET_ATTR_MTIME_NOW, attributes->st_mtim);
  Send(from, std::move(request), ReplyAttributes);
}

void Readlink(fuse_req_t from, fuse_ino_t node) {
  Send(from, {.operation = Operation::kReadlink, .node = node}, ReplyTarget);
}

void Mknod(fuse_req_t from, fuse_ino_t parent, const char* name, mode_t mode, dev_t device) {
  Send(from,
       {.operation = Operation::kMknod,
        .node = parent,
        .name = name,
        .mode = mode,
        .device = static_cast<uint32_t>(device)},
       ReplyEntry);
}

void Mkdir(fuse_req_t from, fuse_ino_t parent, const char* name, mode_t mode) {
  Send(from, {.operation = Operation::kMkdir, .node = parent, .name = name, .mode = mode}, ReplyEntry);
}

void Unlink(fuse_req_t from, fuse_ino_t parent, const char* name) {
  Send(from, {.operation = Operation::kUnlink, .node = parent, .name = name}, ReplyNothing);
}

void Rmdir(fuse_req_t from, fuse_ino_t parent, const char* name) {
  Send(from, {.operation = Operation::kRmdir, .node = parent, .name = name}, ReplyNothing);
}

void Symlink(fuse_req_t from, const char* target, fuse_ino_t parent, const char* name) {
  Send(from, {.operation = Operation::kSymlink, .node = parent, .name = name, .target = target}, ReplyEntry);
}

void Rename(fuse_req_t from, fuse_ino_t parent, const char* name, fuse_ino_t new_parent, const char* new_name,
            unsigned flags) {
  Send(from,
       {.operation = Operation::kRename,
        .node = parent,
        .name = name,
        .new_node = new_parent,
        .new_name = new_name,
        .flags = flags},
       ReplyNothing);
}

void Link(fuse_req_t from, fuse_ino_t node, fuse_ino_t new_parent, const char* new_name) {
  Send(from, {.operation = Operation::kLink, .node = node, .new_node = new_parent, .new_name = new_name}, ReplyEntry);
}

void Open(fuse_req_t from, fuse_ino_t node, fuse_file_info* info) {
  Send(from, {.operation = Operation::kOpen, .node = node, .flags = FlagsOf(info)}, ReplyHandle);
}

void Create(fuse_req_t from, fuse_ino_t parent, const char* name, mode_t mode, fuse_file_info* info) {
  Send(from,
       {.operation = Operation::kCreate, .node = parent, .name = name, .flags = FlagsOf(info), .mode = mode},
       ReplyCreated);
}

void Read(fuse_req_t from, fuse_ino_t node, size_t length, off_t offset, fuse_file_info* info) {
  Send(from,
       {.operation = Operation::kRead,
        .node = node,
        .handle = info->fh,
        .offset = static_cast<uint64_t>(offset),
        .length = length},
       ReplyBytes);
}

void Write(fuse_req_t from, fuse_ino_t node, const char* bytes, size_t length, off_t offset, fuse_file_info* info) {
  Request request{.operation = Operation::kWrite,
                  .node = node,
                  .handle = info->fh,
                  .offset = static_cast<uint64_t>(offset),
                  .length = length};
  // The bytes are in the reader's buffer, which the next request overwrites.
  const auto* begin = reinterpret_cast<const uint8_t*>(bytes);
  request.data.assign(begin, begin + length);
  Send(from, std::move(request), ReplyCount);
}

void Flush(fuse_req_t from, fuse_ino_t node, fuse_file_info* info) {
  Send(from, {.operation = Operation::kFlush, .node = node, .handle = info->fh}, ReplyNothing);
}

void Fsync(fuse_req_t from, fuse_ino_t node, int data_only, fuse_file_info* info) {
  Send(from, {.operation = Operation::kFsync, .node = node, .handle = info->fh, .data_only = data_only != 0},
       ReplyNothing);
}

void Release(fuse_req_t from, fuse_ino_t node, fuse_file_info* info) {
  Send(from, {.operation = Operation::kRelease, .node = node, .handle = info->fh}, ReplyNothing);
}

void Opendir(fuse_req_t from, fuse_ino_t node, fuse_file_info*) {
  Send(from, {.operation = Operation::kOpendir, .node = node}, ReplyHandle);
}

Request ReaddirOf(fuse_ino_t node, size_t length, off_t offset, const fuse_file_info* info) {
  return {.operation = Operation::kReaddir,
          .node = node,
          .handle = info->fh,
          .offset = static_cast<uint64_t>(offset),
          .length = length};
}

void Readdir(fuse_req_t from, fuse_ino_t node, size_t length, off_t offset, fuse_file_info* info) {
  Send(from, ReaddirOf(node, length, offset, info), ReplyDirectory);
}

void Readdirplus(fuse_req_t from, fuse_ino_t node, size_t length, off_t offset, fuse_file_info* info) {
  Request request = ReaddirOf(node, length, offset, info);
  request.with_attributes = true;
  Send(from, std::move(request), ReplyDirectoryWithAttributes);
}

void Releasedir(fuse_req_t from, fuse_ino_t node, fuse_file_info* info) {
  Send(from, {.operation = Operation::kReleasedir, .node = node, .handle = info->fh}, ReplyNothing);
}

void Statfs(fuse_req_t from, fuse_ino_t node) {
  Send(from, {.operation = Operation::kStatfs, .node = node}, ReplyStatistics);
}

fuse_lowlevel_ops MakeOperations() {
  fuse_lowlevel_ops operations = {};
  operations.init = Init;
  operations.lookup = Lookup;
  operations.forget = Forget;
  operations.forget_multi = ForgetMany;
  operations.getattr = Getattr;
  operations.setattr = Setattr;
  operations.readlink = Readlink;
  operations.mknod = Mknod;
  operations.mkdir = Mkdir;
  operations.unlink = Unlink;
  operations.rmdir = Rmdir;
  operations.symlink = Symlink;
  operations.rename = Rename;
  operations.link = Link;
  operations.open = Open;
  operations.create = Create;
  operations.read = Read;
  operations.write = Write;
  operations.flush = Flush;
  operations.fsync = Fsync;
  operations.release = Release;
  operations.opendir = Opendir;
  operations.readdir = Readdir;
  operations.readdirplus = Readdirplus;
  operations.releasedir = Releasedir;
  operations.fsyncdir = Fsync;
  operations.statfs = Statfs;
  return operations;
}

}  // namespace

const fuse_lowlevel_ops& FuseOperations() {
  static const fuse_lowlevel_ops operations = MakeOperations();
  return operations;
}

}  // namespace tswsl
