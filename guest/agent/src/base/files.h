#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tswsl {

/** The first `limit` bytes of a file the agent trusts (procfs, sysfs, its own); nothing when it cannot be read. */
std::optional<std::string> readFile(const std::string& path, size_t limit = 64 * 1024);

/** Like readFile, relative to a directory descriptor. */
std::optional<std::string> readOpened(int fd, size_t limit);

/** Writes the whole of `content`; creates or truncates. Throws Failure. */
void writeFile(const std::string& path, std::string_view content, unsigned mode = 0644);

/** Writes all bytes to a blocking descriptor. Throws Failure. */
void writeAll(int fd, std::string_view bytes, const std::string& what);

/** A write to procfs, sysfs or cgroupfs that may be refused without harm. True when it was taken. */
bool poke(const std::string& path, std::string_view value);

/** Names in a directory without `.` and `..`, sorted; empty when it cannot be read. */
std::vector<std::string> listDirectory(const std::string& path);

/** Directory and its parents, for trees the agent owns. Throws Failure. */
void makeDirectories(const std::string& path);

/** Removes a tree the agent owns. Never crosses into another file system. Missing is fine. Throws Failure. */
void removeTree(const std::string& path);

bool pathExists(const std::string& path);

}  // namespace tswsl
