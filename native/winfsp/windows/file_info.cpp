#include "winfsp/windows/file_info.h"

#include <algorithm>

namespace tswsl::winfsp {
namespace {

constexpr int64_t kUnitsPerSecond = 10'000'000;
/** From 1601 to 1970. */
constexpr int64_t kEpochSeconds = 11'644'473'600;

UINT64 ToFileTime(Time time) {
  // What Windows can say; a file in a distro may have any time.
  const int64_t seconds = std::clamp<int64_t>(time.seconds, -kEpochSeconds, 900'000'000'000);
  return static_cast<UINT64>((seconds + kEpochSeconds) * kUnitsPerSecond + time.nanoseconds / 100);
}

}  // namespace

bool IsDirectory(const Attributes& attributes) { return (attributes.mode & 0170000) == 0040000; }

UINT32 FileAttributesOf(const Attributes& attributes) {
  return IsDirectory(attributes) ? FILE_ATTRIBUTE_DIRECTORY : FILE_ATTRIBUTE_NORMAL;
}

void Fill(FileInfo& info, const Attributes& attributes) {
  info = {};
  info.attributes = FileAttributesOf(attributes);
  info.file_size = IsDirectory(attributes) ? 0 : attributes.size;
  info.allocation_size = (info.file_size + 4095) / 4096 * 4096;
  info.creation_time = ToFileTime(attributes.born.value_or(std::min(
      attributes.modified, attributes.changed, [](const Time& a, const Time& b) { return a.seconds < b.seconds; })));
  info.last_access_time = ToFileTime(attributes.accessed);
  info.last_write_time = ToFileTime(attributes.modified);
  info.change_time = ToFileTime(attributes.changed);
  info.index_number = attributes.ino;
}

Time ToTime(UINT64 file_time) {
  const auto units = static_cast<int64_t>(file_time);
  return {.seconds = units / kUnitsPerSecond - kEpochSeconds,
          .nanoseconds = static_cast<uint32_t>(units % kUnitsPerSecond) * 100};
}

}  // namespace tswsl::winfsp
