#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tswsl {

/**
 * A folder of the host at the root of `/run/tswsl/host`. Its name says all that the host's server needs to know:
 * `path=` and the percent-encoded absolute path, then options, each after a semicolon:
 * `path=C%3A%5C;uid=1000;metadata`. One that is longer than a file name can be goes on from directory to directory, with
 * `more=` before each piece but the last: `more=path=C%3A%5CUsers…/…;uid=1000`.
 */
struct ExportName {
  std::string path;
  /** `name` or `name=value`, in the order of the mount. */
  std::vector<std::string> options;
};

/** The path below `/run/tswsl/host`; throws Failure when it would be longer than paths can be. */
std::string encodeExportName(const ExportName& name);

/** A path below `/run/tswsl/host`: the export, and what follows it there, empty or beginning with a slash. */
struct ExportPath {
  ExportName name;
  std::string below;
};

/** Nothing when the path does not begin with an export. */
std::optional<ExportPath> decodeExportPath(std::string_view path);

}  // namespace tswsl
