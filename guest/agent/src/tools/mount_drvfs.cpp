#include "tools/mount_drvfs.h"

#include <fcntl.h>

#include <cstdio>
#include <optional>

#include "base/failure.h"
#include "base/files.h"
#include "files/export_name.h"
#include "files/mount_tree.h"
#include "tools/drvfs_options.h"
#include "tools/host_path.h"

namespace tswsl {
namespace {

// mount(8), EXIT STATUS.
constexpr int wrongUsage = 1;
constexpr int failed = 32;

struct Arguments {
  std::string source;
  std::string target;
  std::string options;
};

/** As mount(8) calls its helpers: `SOURCE TARGET [-sfnv] [-N NAMESPACE] [-o OPTIONS] [-t TYPE]`. */
std::optional<Arguments> parseArguments(const std::vector<std::string>& arguments) {
  Arguments parsed;
  std::vector<std::string> places;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    const bool hasValue = argument == "-o" || argument == "-N" || argument == "-t";
    if (hasValue && i + 1 == arguments.size()) return std::nullopt;
    if (argument == "-o") parsed.options += (parsed.options.empty() ? "" : ",") + arguments[i + 1];
    if (hasValue) ++i;
    else if (argument.size() < 2 || argument.front() != '-') places.push_back(argument);
    else if (argument.find_first_not_of("sfnv", 1) != std::string::npos) return std::nullopt;
  }
  if (places.size() != 2) return std::nullopt;
  parsed.source = places[0];
  parsed.target = places[1];
  return parsed;
}

void mountFolder(const Arguments& arguments) {
  const auto folder = hostFolder(arguments.source);
  if (!folder) {
    throw Failure(Code::invalidArgument, arguments.source + " is no folder of the host",
                  "name a drive (C:), a path on it, a share (\\\\server\\share) or an absolute path");
  }
  const bool onWindows = folder->front() != '/';
  const std::string root = automountRoot(readFile("/etc/wsl.conf").value_or(""));
  const auto options = parseDrvfsOptions(arguments.options, onWindows ? root : "");
  for (const auto& option : options.unknown) {
    std::fprintf(stderr, "mount.drvfs: the option %s is not known and is passed over\n", option.c_str());
  }
  const Fd tree = cloneHostFolder(encodeExportName({*folder, options.exportOptions}), options.attributes);
  const Fd target(checked(::open(arguments.target.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC),
                          "cannot mount on " + arguments.target));
  attachMount(tree, target, arguments.target);
}

}  // namespace

int runMountDrvfs(const std::vector<std::string>& arguments) {
  const auto parsed = parseArguments(arguments);
  if (!parsed) {
    std::fputs("usage: mount.drvfs SOURCE TARGET [-o OPTIONS]\n", stderr);
    return wrongUsage;
  }
  try {
    mountFolder(*parsed);
    return 0;
  } catch (const Failure& failure) {
    const std::string hint = failure.hint.empty() ? "" : "\n" + failure.hint;
    std::fprintf(stderr, "mount.drvfs: %s%s\n", failure.what(), hint.c_str());
    return failed;
  }
}

}  // namespace tswsl
