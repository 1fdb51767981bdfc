#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace tswsl {

/** ImportHeader of the contract. */
struct ImportRequest {
  std::string distro;
  /** tar's option for the compression; empty for none. */
  std::string decompress;
  /** The SCSI LUN of the disk that is the archive; nothing: it is standard input. */
  std::optional<int64_t> disk;
};

/** Throws InvalidParams. */
ImportRequest parseImportRequest(const Json& header);

/**
 * In a helper process with the archive as standard input, unless it is a disk: becomes GNU tar, with the distro's root as the only place
 * in sight that can be written. Returns 1 with a message on standard error when that cannot be arranged.
 */
int runImport(const ImportRequest& request);

}  // namespace tswsl
