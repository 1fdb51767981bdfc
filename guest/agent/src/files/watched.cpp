#include "files/watched.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <charconv>
#include <functional>
#include <memory>
#include <set>

#include "base/files.h"
#include "base/paths.h"
#include "base/split.h"
#include "files/mount_info.h"

namespace tswsl {
namespace {

/** What the host is told at most: it watches no more. */
constexpr size_t maxWatched = 8192;
/** Descriptors looked at: a distro that opens more watches in vain, and the helper ends. */
constexpr size_t maxDescriptors = 256 * 1024;
/** Of one descriptor's description: a line for each of 100,000 watches. */
constexpr size_t maxDescription = 16 * 1024 * 1024;
constexpr size_t maxMountInfo = 1024 * 1024;
/** fs/9p/vfs_inode.c, v9fs_qid2ino: an inode's number is its qid path and 2. */
constexpr uint64_t inodeOffset = 2;

template <typename Number>
std::optional<Number> parse(std::string_view text, int base) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/** The hexadecimal number after `name:`. */
std::optional<uint64_t> field(std::string_view line, std::string_view name) {
  for (const auto word : split(line, ' ')) {
    if (word.starts_with(name)) return parse<uint64_t>(word.substr(name.size()), 16);
  }
  return std::nullopt;
}

void eachNumber(int folder, const std::function<bool(const char*)>& visit) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::fdopendir(folder), ::closedir);
  if (!directory) {
    ::close(folder);
    return;
  }
  while (const dirent* entry = ::readdir(directory.get())) {
    if (std::isdigit(static_cast<unsigned char>(entry->d_name[0])) && !visit(entry->d_name)) return;
  }
}

bool isInotify(int folder, const char* name) {
  constexpr std::string_view inotify = "anon_inode:inotify";
  std::array<char, 32> target{};
  const ssize_t length = ::readlinkat(folder, name, target.data(), target.size());
  // A negative length is no length of it.
  return length >= 0 && std::string_view(target.data(), static_cast<size_t>(length)) == inotify;
}

}  // namespace

std::vector<uint64_t> watchedIn(std::string_view fdinfo, uint64_t device) {
  std::vector<uint64_t> inodes;
  for (const auto line : split(fdinfo, '\n')) {
    if (!line.starts_with("inotify ") || field(line, "sdev:") != device) continue;
    if (const auto inode = field(line, "ino:")) inodes.push_back(*inode);
  }
  return inodes;
}

std::vector<uint64_t> watchedInodes(uint64_t device, size_t limit) {
  std::set<uint64_t> found;
  size_t descriptors = 0;
  const auto visitProcess = [&](const char* pid) {
    const std::string process = std::string("/proc/") + pid;
    const int folder = ::open((process + "/fd").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return true;
    eachNumber(folder, [&](const char* number) {
      if (++descriptors > maxDescriptors) return false;
      if (!isInotify(folder, number)) return true;
      const auto text = readFile(process + "/fdinfo/" + number, maxDescription);
      for (const auto inode : watchedIn(text.value_or(""), device)) {
        if (found.size() < limit) found.insert(inode);
      }
      return found.size() < limit;
    });
    return found.size() < limit && descriptors <= maxDescriptors;
  };
  const int processes = ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (processes >= 0) eachNumber(processes, visitProcess);
  return {found.begin(), found.end()};
}

std::optional<uint64_t> kernelDevice(std::string_view text) {
  // include/linux/kdev_t.h, MINORBITS.
  constexpr int minorBits = 20;
  const auto parts = split(text, ':');
  if (parts.size() != 2) return std::nullopt;
  const auto major = parse<uint32_t>(parts[0], 10);
  const auto minor = parse<uint32_t>(parts[1], 10);
  if (!major || !minor) return std::nullopt;
  return (uint64_t{*major} << minorBits) | *minor;
}

std::vector<uint64_t> watchedHostFiles() {
  const auto mounts = parseMountInfo(readFile("/proc/self/mountinfo", maxMountInfo).value_or(""));
  const auto* mount = mountAt(mounts, paths::hostFiles);
  const auto device = mount == nullptr ? std::nullopt : kernelDevice(mount->device);
  if (!device || mount->type != "9p") return {};
  auto inodes = watchedInodes(*device, maxWatched);
  std::erase_if(inodes, [](uint64_t inode) { return inode < inodeOffset; });
  for (auto& inode : inodes) inode -= inodeOffset;
  return inodes;
}

}  // namespace tswsl
