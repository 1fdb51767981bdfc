#include "winfsp/fuse/replies.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <vector>

#include "winfsp/fuse/session.h"

namespace tswsl {
namespace {

timespec ToTimespec(Time time) { return {.tv_sec = time.seconds, .tv_nsec = time.nanoseconds}; }

struct stat ToStat(const Attributes& attributes) {
  struct stat result = {};
  result.st_ino = attributes.ino;
  result.st_mode = attributes.mode;
  result.st_nlink = attributes.links;
  result.st_uid = attributes.uid;
  result.st_gid = attributes.gid;
  // The low 32 bits of glibc's encoding are Linux's.
  result.st_rdev = static_cast<uint32_t>(attributes.device);
  result.st_size = static_cast<off_t>(attributes.size);
  result.st_blocks = static_cast<blkcnt_t>(attributes.blocks);
  result.st_blksize = 128 * 1024;
  result.st_atim = ToTimespec(attributes.accessed);
  result.st_mtim = ToTimespec(attributes.modified);
  result.st_ctim = ToTimespec(attributes.changed);
  return result;
}

double TimeoutOf(fuse_req_t request) {
  // Set by FuseSession.
  return static_cast<FuseContext*>(fuse_req_userdata(request))->attribute_timeout;
}

fuse_entry_param ToEntry(fuse_req_t request, uint64_t node, const Attributes& attributes) {
  fuse_entry_param entry = {};
  entry.ino = node;
  entry.attr = ToStat(attributes);
  entry.attr_timeout = TimeoutOf(request);
  entry.entry_timeout = entry.attr_timeout;
  return entry;
}

uint32_t Taken(int result) { return result == 0 ? 1 : 0; }

// Appends entries with `add`, which returns what it needs, for as long as there is room.
template <typename Add>
uint32_t ReplyEntries(fuse_req_t request, const Answer& answer, uint64_t length, Add add) {
  std::vector<char> buffer(length);
  size_t used = 0;
  uint32_t count = 0;
  for (const DirectoryEntry& entry : answer.entries) {
    const size_t needed = add(buffer.data() + used, buffer.size() - used, entry);
    if (needed > buffer.size() - used) break;
    used += needed;
    count++;
  }
  return fuse_reply_buf(request, buffer.data(), used) == 0 ? count : 0;
}

}  // namespace

uint32_t ReplyNothing(fuse_req_t request, const Answer&, uint64_t) { return Taken(fuse_reply_err(request, 0)); }

uint32_t ReplyEntry(fuse_req_t request, const Answer& answer, uint64_t) {
  const fuse_entry_param entry = ToEntry(request, answer.node, answer.attributes);
  return Taken(fuse_reply_entry(request, &entry));
}

uint32_t ReplyAttributes(fuse_req_t request, const Answer& answer, uint64_t) {
  const struct stat attributes = ToStat(answer.attributes);
  return Taken(fuse_reply_attr(request, &attributes, TimeoutOf(request)));
}

uint32_t ReplyTarget(fuse_req_t request, const Answer& answer, uint64_t) {
  return Taken(fuse_reply_readlink(request, answer.text.c_str()));
}

uint32_t ReplyHandle(fuse_req_t request, const Answer& answer, uint64_t) {
  fuse_file_info info = {};
  info.fh = answer.handle;
  return Taken(fuse_reply_open(request, &info));
}

uint32_t ReplyCreated(fuse_req_t request, const Answer& answer, uint64_t) {
  const fuse_entry_param entry = ToEntry(request, answer.node, answer.attributes);
  fuse_file_info info = {};
  info.fh = answer.handle;
  return Taken(fuse_reply_create(request, &entry, &info));
}

uint32_t ReplyBytes(fuse_req_t request, const Answer& answer, uint64_t length) {
  const size_t size = std::min<uint64_t>(answer.bytes.size(), length);
  return Taken(fuse_reply_buf(request, reinterpret_cast<const char*>(answer.bytes.data()), size));
}

uint32_t ReplyCount(fuse_req_t request, const Answer& answer, uint64_t length) {
  return Taken(fuse_reply_write(request, std::min<uint64_t>(answer.count, length)));
}

uint32_t ReplyDirectory(fuse_req_t request, const Answer& answer, uint64_t length) {
  return ReplyEntries(request, answer, length, [request](char* place, size_t room, const DirectoryEntry& entry) {
    struct stat attributes = {};
    attributes.st_ino = entry.ino;
    attributes.st_mode = entry.type << 12;
    return fuse_add_direntry(request, place, room, entry.name.c_str(), &attributes, static_cast<off_t>(entry.offset));
  });
}

uint32_t ReplyDirectoryWithAttributes(fuse_req_t request, const Answer& answer, uint64_t length) {
  return ReplyEntries(request, answer, length, [request](char* place, size_t room, const DirectoryEntry& entry) {
    fuse_entry_param parameters = ToEntry(request, entry.node.value_or(0), entry.attributes);
    // What the name's own fields say; without a node nothing else counts.
    if (!entry.node) {
      parameters.attr.st_ino = entry.ino;
      parameters.attr.st_mode = entry.type << 12;
    }
    return fuse_add_direntry_plus(request, place, room, entry.name.c_str(), &parameters,
                                  static_cast<off_t>(entry.offset));
  });
}

uint32_t ReplyStatistics(fuse_req_t request, const Answer& answer, uint64_t) {
  struct statvfs result = {};
  result.f_bsize = answer.statistics.block_size;
  result.f_frsize = answer.statistics.block_size;
  result.f_blocks = answer.statistics.blocks;
  result.f_bfree = answer.statistics.free_blocks;
  result.f_bavail = answer.statistics.available_blocks;
  result.f_files = answer.statistics.files;
  result.f_ffree = answer.statistics.free_files;
  result.f_favail = answer.statistics.free_files;
  result.f_namemax = answer.statistics.name_length;
  return Taken(fuse_reply_statfs(request, &result));
}

}  // namespace tswsl
