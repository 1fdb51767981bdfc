#include "files/mount_info.h"

#include <algorithm>

#include "base/split.h"

namespace tswsl {
namespace {

/** Fields before the optional ones: number, parent, device, root, mount point, options. */
constexpr size_t fixedFields = 6;

bool isOctal(char c) { return c >= '0' && c <= '7'; }

/** The kernel writes blanks and backslashes as a backslash and three octal digits (mangle_path). */
std::string unescape(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto code = text.substr(i, 4);
    if (code.size() == 4 && code[0] == '\\' && std::all_of(code.begin() + 1, code.end(), isOctal)) {
      // Three octal digits of a byte.
      plain += static_cast<char>((code[1] - '0') * 64 + (code[2] - '0') * 8 + (code[3] - '0'));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

std::optional<MountEntry> parseEntry(std::string_view line) {
  const auto fields = split(line, ' ');
  if (fields.size() < fixedFields) return std::nullopt;
  const auto dash = std::find(fields.begin() + fixedFields, fields.end(), "-");
  if (dash == fields.end() || dash + 1 == fields.end()) return std::nullopt;
  const auto options = split(fields[5], ',');
  const bool readOnly = std::find(options.begin(), options.end(), "ro") != options.end();
  return MountEntry{std::string(fields[2]), unescape(fields[3]), unescape(fields[4]), readOnly, unescape(dash[1])};
}

}  // namespace

std::vector<MountEntry> parseMountInfo(std::string_view text) {
  std::vector<MountEntry> mounts;
  for (const auto line : split(text, '\n')) {
    if (auto entry = parseEntry(line)) mounts.push_back(std::move(*entry));
  }
  return mounts;
}

std::optional<std::string_view> below(std::string_view path, std::string_view directory) {
  while (directory.ends_with('/')) directory.remove_suffix(1);
  if (!path.starts_with(directory)) return std::nullopt;
  const auto rest = path.substr(directory.size());
  if (!rest.empty() && rest.front() != '/') return std::nullopt;
  return rest;
}

const MountEntry* coveringMount(const std::vector<MountEntry>& mounts, std::string_view path) {
  const MountEntry* best = nullptr;
  for (const auto& mount : mounts) {
    if (!below(path, mount.mountPoint)) continue;
    if (best == nullptr || mount.mountPoint.size() >= best->mountPoint.size()) best = &mount;
  }
  return best;
}

const MountEntry* mountAt(const std::vector<MountEntry>& mounts, std::string_view mountPoint) {
  const auto found = std::find_if(mounts.rbegin(), mounts.rend(),
                                  [&](const MountEntry& mount) { return mount.mountPoint == mountPoint; });
  return found == mounts.rend() ? nullptr : &*found;
}

}  // namespace tswsl
