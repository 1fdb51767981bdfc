#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace tswsl {

/** ImportHeader of the contract. */
struct ImportRequest {
  std::string distro;
  /** tar's option for the compression; empty for none. */
  std::string decompress;
};

/** Throws InvalidParams. */
ImportRequest parseImportRequest(const Json& header);

/**
 * In a helper process with the archive as standard input: becomes GNU tar, with the distro's root as the only place
 * in sight that can be written. Returns 1 with a message on standard error when that cannot be arranged.
 */
int runImport(const ImportRequest& request);

}  // namespace tswsl
