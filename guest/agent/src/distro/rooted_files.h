#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/fd.h"

namespace tswsl {

/**
 * Files inside a directory tree whose content is hostile: every path is resolved by openat2 with RESOLVE_IN_ROOT, so
 * that links, absolute or with `..`, stay inside as if the directory were `/`. Blocks: for helper processes.
 */
class RootedFiles {
 public:
  /** Throws Failure when the root cannot be opened. */
  explicit RootedFiles(const std::string& root);

  bool exists(const std::string& path) const;
  /** A regular file that somebody may execute. */
  bool isExecutable(const std::string& path) const;
  /** Nothing when absent. Throws Failure for what is not a regular file, or larger than `limit`. */
  std::optional<std::string> read(const std::string& path, size_t limit) const;
  /**
   * Puts a regular file at an absolute path, atomically, making missing directories. A link at that path is itself
   * replaced, never followed. Throws Failure.
   */
  void write(const std::string& path, std::string_view content, unsigned mode) const;
  /**
   * Makes a symbolic link to `target` where there is a directory for it and nothing of that name. False when there is
   * something, or no such directory.
   */
  bool linkIfAbsent(const std::string& path, const std::string& target) const;
  /** Opens (O_PATH) a directory, with `mode` if it has to be made; so are the missing ones above it. Throws Failure. */
  Fd makeDirectory(const std::string& directory, unsigned mode) const;
  /** Opens what is there; an invalid descriptor, and errno, when that fails. */
  Fd open(const std::string& path, int flags) const;

 private:

  Fd root_;
};

}  // namespace tswsl
