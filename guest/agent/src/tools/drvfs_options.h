#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tswsl {

/** What `mount -o` said, told apart: for the host's server, for the mount, for nobody. */
struct DrvfsOptions {
  /** `metadata`, `uid=1000`: part of the export's name. */
  std::vector<std::string> exportOptions;
  /** MOUNT_ATTR_* of mount_setattr(2). */
  uint64_t attributes = 0;
  /** Not known, and passed over. */
  std::vector<std::string> unknown;
};

/** The text after `-o`, by commas. `symlinkRoot` (`/mnt/`) is added for the server unless the text has its own. */
DrvfsOptions parseDrvfsOptions(std::string_view text, const std::string& symlinkRoot);

/** automount.root of a wsl.conf, with a slash at its end; `/mnt/` when it says nothing. */
std::string automountRoot(std::string_view wslConf);

}  // namespace tswsl
