#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tswsl {

/** The root's number. */
inline constexpr uint64_t kRootNode = 1;

/** What an operating system asks of a file system; native.d.ts says what each means. */
enum class Operation {
  kLookup,
  kForget,
  kGetattr,
  kSetattr,
  kReadlink,
  kSymlink,
  kMknod,
  kMkdir,
  kUnlink,
  kRmdir,
  kRename,
  kLink,
  kOpen,
  kCreate,
  kRead,
  kWrite,
  kFlush,
  kFsync,
  kRelease,
  kOpendir,
  kReaddir,
  kReleasedir,
  kStatfs,
  kCancel,
  kUnmounted,
};

/** Since 1970; nanoseconds are never negative. */
struct Time {
  int64_t seconds = 0;
  uint32_t nanoseconds = 0;
};

/** A point in time, or "now" by the file system's own clock. */
struct TimeChange {
  bool now = false;
  Time time{};
};

/** One request. Which members mean something is decided by the operation: see request_to_js.cpp. */
struct Request {
  Operation operation{};
  uint64_t id = 0;
  uint64_t node = 0;
  std::optional<uint64_t> handle{};
  /** Bytes. */
  std::string name{};
  std::string target{};
  uint64_t new_node = 0;
  std::string new_name{};
  bool follow = false;
  bool data_only = false;
  bool with_attributes = false;
  uint32_t flags = 0;
  uint64_t offset = 0;
  uint64_t length = 0;
  /** Of mkdir, mknod and create; a change in setattr. */
  std::optional<uint32_t> mode{};
  uint32_t device = 0;
  std::optional<uint32_t> uid{};
  std::optional<uint32_t> gid{};
  std::optional<uint64_t> size{};
  std::optional<TimeChange> accessed{};
  std::optional<TimeChange> modified{};
  std::vector<uint8_t> data{};
};

/** What stat(2) says. */
struct Attributes {
  uint64_t ino = 0;
  uint32_t mode = 0;
  uint32_t links = 1;
  uint32_t uid = 0;
  uint32_t gid = 0;
  uint64_t device = 0;
  uint64_t size = 0;
  uint64_t blocks = 0;
  Time accessed{};
  Time modified{};
  Time changed{};
  std::optional<Time> born{};
};

struct DirectoryEntry {
  std::string name{};
  uint64_t ino = 0;
  /** DT_* of readdir(3). */
  uint32_t type = 0;
  /** Where to go on after this one. */
  uint64_t offset = 0;
  /** With attributes only: the node counts as looked up. */
  std::optional<uint64_t> node{};
  Attributes attributes{};
};

/** statfs(2). */
struct Statistics {
  uint64_t block_size = 4096;
  uint64_t blocks = 0;
  uint64_t free_blocks = 0;
  uint64_t available_blocks = 0;
  uint64_t files = 0;
  uint64_t free_files = 0;
  uint32_t name_length = 255;
};

/** What came of a request. Which members mean something is decided by its operation. */
struct Answer {
  /** Zero, or Linux's error number. */
  int error = 0;
  uint64_t node = 0;
  uint64_t handle = 0;
  uint32_t count = 0;
  Attributes attributes{};
  /** Of JavaScript: gone when the completion returns. */
  std::span<const uint8_t> bytes{};
  std::string text{};
  std::vector<DirectoryEntry> entries{};
  Statistics statistics{};
};

/**
 * Takes a request's answer to who asked. Called exactly once, on any thread; must not wait for anything. Returns how many of the
 * answer's results were taken: what was not is not known to anybody, and is JavaScript's to release.
 */
using Completion = std::function<uint32_t(const Answer&)>;

}  // namespace tswsl
