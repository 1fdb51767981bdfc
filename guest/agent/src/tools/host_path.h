#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tswsl {

/** Is it a Windows path with a drive, `C:` and what may follow? */
bool hasDrive(std::string_view path);

/** A Windows path with backslashes only and without the prefix that says "take it as it is" (`\\?\`, `\\?\UNC\`). */
std::string windowsSpelling(std::string_view path);

/** Names that Windows does not allow, as files of Linux are called on it, and back: U+F000 and the character's code. */
std::string escapeForWindows(std::string_view path);
std::string unescapeFromWindows(std::string_view path);

/**
 * The absolute path on the host that a user means by `C:`, `C:/path`, `\\server\share` or, on a Linux host, `/path`, as
 * exports name it: drives and their roots end with a backslash, nothing else ends with a separator. Nothing for a
 * relative one.
 */
std::optional<std::string> hostFolder(std::string_view source);

}  // namespace tswsl
