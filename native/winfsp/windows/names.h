#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tswsl::winfsp {

/**
 * A name of Linux (bytes) as Windows shows it. What Windows cannot have in a name (`\ / : * ? " < > |`, control characters, a dot
 * or space at the end) and bytes that are not UTF-8 become U+F000 plus the byte, as Cygwin and WSL write them. The way back
 * gives the same bytes for every name.
 */
std::wstring ToWindowsName(std::string_view name);

/** Nothing for what cannot be a name on Linux: `/`, NUL, half a surrogate pair. */
std::optional<std::string> ToLinuxName(std::wstring_view name);

/** A path of Windows, `\a\b`, as names of Linux with `/` between them. */
struct Path {
  std::string parent;
  /** Empty for the root. */
  std::string name;

  std::string Whole() const { return parent.empty() ? name : parent + '/' + name; }
};

/** Nothing when one of its names cannot be one on Linux. */
std::optional<Path> ToLinuxPath(std::wstring_view path);

}  // namespace tswsl::winfsp
