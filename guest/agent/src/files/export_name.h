#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tswsl {

/**
 * A folder of the host at the root of `/run/tswsl/host`. Its name says all that the host's server needs to know:
 * `path=` and the percent-encoded absolute path, then options, each after a semicolon:
 * `path=C%3A%5C;uid=1000;metadata`.
 */
struct ExportName {
  std::string path;
  /** `name` or `name=value`, in the order of the mount. */
  std::vector<std::string> options;
};

/** The name; throws Failure when it would be longer than a file name can be. */
std::string encodeExportName(const ExportName& name);

/** Nothing when `name` is not one. */
std::optional<ExportName> decodeExportName(std::string_view name);

}  // namespace tswsl
