#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tswsl {

/** A line of /proc/PID/mountinfo (proc(5)), its octal escapes undone. */
struct MountEntry {
  /** `major:minor` of the file system. */
  std::string device;
  /** The folder of the file system that the mount shows. */
  std::string root;
  std::string mountPoint;
  bool readOnly = false;
  std::string type;
};

/** In the order of the file: what is mounted later comes later. Lines that are not entries are passed over. */
std::vector<MountEntry> parseMountInfo(std::string_view text);

/** The entry that covers `path`, absolute and without links: the deepest, of several there the one on top. */
const MountEntry* coveringMount(const std::vector<MountEntry>& mounts, std::string_view path);

/** What is on top at exactly this mount point; null when nothing is. */
const MountEntry* mountAt(const std::vector<MountEntry>& mounts, std::string_view mountPoint);

/** `path` below `directory`: what follows, empty or beginning with a slash; nothing when it is not below. */
std::optional<std::string_view> below(std::string_view path, std::string_view directory);

}  // namespace tswsl
