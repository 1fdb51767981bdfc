#include "tools/path_translation.h"

#include <algorithm>

#include "files/export_name.h"
#include "tools/host_path.h"

namespace tswsl {
namespace {

/** A folder of the host that is mounted. */
struct HostMount {
  /** As the host spells it, without a separator at its end. */
  std::string hostPath;
  std::string mountPoint;
  bool windows;
};

/** The names under which a host shows distros' files: ours, and those that programs for WSL use. */
constexpr std::string_view distroServers[] = {"tswsl$", "tswsl.localhost", "wsl.localhost", "wsl$"};
/** Where a Linux host shows them: in the user's home directory. */
constexpr std::string_view distrosOfLinuxHost = "~/tswsl/";

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::string replaced(std::string_view text, char from, char to) {
  std::string result(text);
  std::replace(result.begin(), result.end(), from, to);
  return result;
}

std::optional<HostMount> asHostMount(const MountEntry& entry) {
  if (entry.type != "9p" || entry.root.size() < 2) return std::nullopt;
  const auto shown = decodeExportPath(std::string_view(entry.root).substr(1));
  if (!shown) return std::nullopt;
  const auto& [name, rest] = *shown;
  const bool windows = name.path.front() != '/';
  std::string path = name.path;
  while (path.ends_with(windows ? '\\' : '/')) path.pop_back();
  path += windows ? replaced(escapeForWindows(rest), '/', '\\') : rest;
  return HostMount{path, entry.mountPoint, windows};
}

std::string joined(const std::string& directory, std::string_view rest) {
  const std::string_view front = directory.ends_with('/') ? std::string_view(directory).substr(0, directory.size() - 1)
                                                          : std::string_view(directory);
  const std::string path = std::string(front) + std::string(rest);
  return path.empty() ? "/" : path;
}

std::string absolutePath(const PathWorld& world, const std::string& path) {
  return path.starts_with('/') ? path : joined(world.workingDirectory, "/" + path);
}

/** `path` below a mounted folder, spelled with slashes and small letters where the host does not tell them apart. */
std::optional<std::string> throughMounts(const PathWorld& world, const std::string& path, bool windows) {
  const auto fold = [&](std::string_view text) {
    return windows ? lower(replaced(text, '\\', '/')) : std::string(text);
  };
  const std::string wanted = fold(path);
  std::optional<std::string> best;
  size_t deepest = 0;
  for (const auto& entry : world.mounts) {
    const auto mount = asHostMount(entry);
    if (!mount || mount->windows != windows) continue;
    const auto rest = below(wanted, fold(mount->hostPath));
    if (!rest || (best && mount->hostPath.size() < deepest)) continue;
    deepest = mount->hostPath.size();
    const std::string spelled = windows ? replaced(path, '\\', '/') : path;
    best = joined(mount->mountPoint, std::string_view(spelled).substr(spelled.size() - rest->size()));
  }
  return best;
}

/** `\\tswsl$\NAME\path`, given with slashes: nothing when it is no such path, an empty text for another distro's. */
std::optional<std::string> fromDistroServer(const PathWorld& world, std::string_view path) {
  if (!path.starts_with("//")) return std::nullopt;
  const size_t slash = path.find('/', 2);
  const std::string server = lower(path.substr(2, slash == std::string_view::npos ? slash : slash - 2));
  if (std::find(std::begin(distroServers), std::end(distroServers), server) == std::end(distroServers)) {
    return std::nullopt;
  }
  const auto rest = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  const size_t end = std::min(rest.find('/'), rest.size());
  if (lower(rest.substr(0, end)) != lower(world.distro)) return "";
  return joined("/", unescapeFromWindows(rest.substr(end)));
}

std::string inDistro(const PathWorld& world, const std::string& path) {
  if (!hostHasDrives(world)) return std::string(distrosOfLinuxHost) + world.distro + path;
  return "\\\\tswsl$\\" + world.distro + replaced(escapeForWindows(path), '/', '\\');
}

}  // namespace

bool hostHasDrives(const PathWorld& world) {
  return std::any_of(world.mounts.begin(), world.mounts.end(), [](const MountEntry& entry) {
    const auto mount = asHostMount(entry);
    return mount && mount->windows;
  });
}

std::optional<std::string> toLinuxPath(const PathWorld& world, const std::string& path, bool absolute) {
  const std::string windows = windowsSpelling(path);
  if (hasDrive(windows) || windows.starts_with("\\\\")) {
    const auto own = fromDistroServer(world, replaced(windows, '\\', '/'));
    if (own) return own->empty() ? std::nullopt : own;
    return throughMounts(world, windows, true);
  }
  const std::string own = std::string(distrosOfLinuxHost) + world.distro;
  if (const auto rest = below(path, own)) return joined("/", *rest);
  if (path.starts_with('/')) return throughMounts(world, path, false);
  const std::string relative = hostHasDrives(world) ? replaced(path, '\\', '/') : path;
  return absolute ? absolutePath(world, relative) : relative;
}

std::optional<std::string> toHostPath(const PathWorld& world, const std::string& path, bool absolute) {
  const bool drives = hostHasDrives(world);
  if (!path.starts_with('/') && !absolute) return drives ? replaced(escapeForWindows(path), '/', '\\') : path;
  std::string resolved = world.resolve(absolutePath(world, path));
  if (path.ends_with('/') && !resolved.ends_with('/')) resolved += '/';
  const MountEntry* entry = coveringMount(world.mounts, resolved);
  const auto mount = entry == nullptr ? std::nullopt : asHostMount(*entry);
  if (!mount) return inDistro(world, resolved);
  const auto rest = *below(resolved, mount->mountPoint);
  if (!mount->windows) return joined(mount->hostPath, rest);
  const std::string host = mount->hostPath + replaced(escapeForWindows(rest), '/', '\\');
  // A drive without a backslash is the place on it where the program happens to be.
  return host.size() == 2 ? host + "\\" : host;
}

}  // namespace tswsl
