#include "tools/host_path.h"

#include <algorithm>

#include "base/split.h"

namespace tswsl {
namespace {

/** The characters, without the separators, that a name of Windows cannot have. */
constexpr std::string_view forbidden = "\"*:<>?|";

bool isEscaped(unsigned char c) {
  return (c >= 0x01 && c <= 0x1f) || c == '\\' || forbidden.find(static_cast<char>(c)) != std::string_view::npos;
}

bool isLetter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/** Without empty parts and those that say "here", for a path of a Linux host. */
std::string tidyLinux(std::string_view path) {
  std::string tidy;
  for (const auto part : split(path, '/')) {
    if (!part.empty() && part != ".") tidy += "/" + std::string(part);
  }
  return tidy.empty() ? "/" : tidy;
}

}  // namespace

bool hasDrive(std::string_view path) { return path.size() >= 2 && isLetter(path[0]) && path[1] == ':'; }

std::string windowsSpelling(std::string_view path) {
  std::string spelling(path);
  std::replace(spelling.begin(), spelling.end(), '/', '\\');
  if (spelling.starts_with("\\\\?\\UNC\\")) return "\\\\" + spelling.substr(8);
  if (spelling.starts_with("\\\\?\\")) return spelling.substr(4);
  return spelling;
}

std::string escapeForWindows(std::string_view path) {
  std::string escaped;
  for (const char c : path) {
    const auto code = static_cast<unsigned char>(c);
    if (!isEscaped(code)) {
      escaped += c;
      continue;
    }
    // U+F000 + code in UTF-8.
    escaped += {'\xef', static_cast<char>(0x80 | (code >> 6)), static_cast<char>(0x80 | (code & 0x3f))};
  }
  return escaped;
}

std::string unescapeFromWindows(std::string_view path) {
  std::string plain;
  for (size_t i = 0; i < path.size(); ++i) {
    const auto next = [&](size_t offset) { return static_cast<unsigned char>(path[i + offset]); };
    const bool candidate =
        path.size() - i >= 3 && path[i] == '\xef' && (next(1) & 0xfe) == 0x80 && (next(2) & 0xc0) == 0x80;
    const unsigned code = candidate ? ((next(1) & 1U) << 6) | (next(2) & 0x3fU) : 0;
    // The code is below 128.
    if (candidate && isEscaped(static_cast<unsigned char>(code))) {
      plain += static_cast<char>(code);
      i += 2;
    } else {
      plain += path[i];
    }
  }
  return plain;
}

std::optional<std::string> hostFolder(std::string_view source) {
  if (source.starts_with("/") && !source.starts_with("//")) return tidyLinux(source);
  std::string path = windowsSpelling(source);
  while (path.ends_with('\\')) path.pop_back();
  if (hasDrive(path)) {
    if (path.size() == 2) return path + "\\";
    if (path[2] == '\\') return path;
    return std::nullopt;
  }
  // \\server\share: both must be there.
  const size_t share = path.starts_with("\\\\") ? path.find('\\', 2) : std::string::npos;
  if (share == std::string::npos || share == 2 || share + 1 == path.size()) return std::nullopt;
  return path;
}

}  // namespace tswsl
