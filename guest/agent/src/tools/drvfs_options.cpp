#include "tools/drvfs_options.h"

#include <linux/mount.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/split.h"

namespace tswsl {
namespace {

constexpr std::string_view forServer[] = {"metadata", "case", "uid", "gid", "umask", "dmask", "fmask", "symlinkroot"};

constexpr std::pair<std::string_view, uint64_t> attributes[] = {
    {"ro", MOUNT_ATTR_RDONLY},     {"nosuid", MOUNT_ATTR_NOSUID},   {"nodev", MOUNT_ATTR_NODEV},
    {"noexec", MOUNT_ATTR_NOEXEC}, {"noatime", MOUNT_ATTR_NOATIME}, {"nodiratime", MOUNT_ATTR_NODIRATIME},
};

/** What fstab(5) and mount(8) say without a meaning for us, or as the default. */
constexpr std::string_view harmless[] = {"defaults", "rw",    "suid",   "dev",      "exec",  "atime",
                                         "relatime", "auto",  "noauto", "nofail",   "user",  "users",
                                         "_netdev",  "async", "sync",   "fallback", "owner", "nouser"};

template <typename List>
bool contains(const List& list, std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blank = " \t\r";
  const size_t start = text.find_first_not_of(blank);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(blank) - start + 1);
}

/** A key=value line of that section; the last one counts. */
std::optional<std::string> setting(std::string_view text, std::string_view section, std::string_view key) {
  std::optional<std::string> value;
  std::string_view current;
  for (auto line : split(text, '\n')) {
    line = trim(line);
    if (line.starts_with('[') && line.ends_with(']')) current = trim(line.substr(1, line.size() - 2));
    const size_t equals = line.find('=');
    if (current != section || equals == std::string_view::npos || trim(line.substr(0, equals)) != key) continue;
    auto found = trim(line.substr(equals + 1));
    if (found.size() >= 2 && found.front() == '"' && found.back() == '"') found = found.substr(1, found.size() - 2);
    value = std::string(found);
  }
  return value;
}

void addOption(DrvfsOptions& options, std::string_view option) {
  const auto name = option.substr(0, option.find('='));
  if (contains(forServer, name) || name == "ro") options.exportOptions.emplace_back(option);
  for (const auto& [flag, attribute] : attributes) {
    if (flag == option) options.attributes |= attribute;
  }
  const bool known = contains(forServer, name) || contains(harmless, name) || name.starts_with("x-") ||
                     std::any_of(std::begin(attributes), std::end(attributes),
                                 [&](const auto& attribute) { return attribute.first == option; });
  if (!known) options.unknown.emplace_back(option);
}

}  // namespace

DrvfsOptions parseDrvfsOptions(std::string_view text, const std::string& symlinkRoot) {
  DrvfsOptions options;
  for (const auto part : split(text, ',')) {
    if (const auto option = trim(part); !option.empty()) addOption(options, option);
  }
  const bool hasRoot = std::any_of(options.exportOptions.begin(), options.exportOptions.end(),
                                   [](const std::string& option) { return option.starts_with("symlinkroot="); });
  if (!hasRoot && !symlinkRoot.empty()) options.exportOptions.push_back("symlinkroot=" + symlinkRoot);
  return options;
}

std::string automountRoot(std::string_view wslConf) {
  std::string root = setting(wslConf, "automount", "root").value_or("/mnt");
  if (!root.starts_with('/')) root = "/mnt";
  if (!root.ends_with('/')) root += '/';
  return root;
}

}  // namespace tswsl
