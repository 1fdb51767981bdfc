#include "tools/wslpath.h"

#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>

#include "base/files.h"
#include "tools/path_translation.h"

namespace tswsl {
namespace {

constexpr const char* usage =
    "usage: wslpath [-a] [-u | -w | -m] PATH\n"
    "  -u  from the host's path to the distribution's (the default)\n"
    "  -w  from the distribution's path to the host's\n"
    "  -m  like -w, with / instead of \\\n"
    "  -a  the result is an absolute path\n";

constexpr size_t maxMountInfo = 16 * 1024 * 1024;

struct Request {
  char direction = 'u';
  bool absolute = false;
  std::string path;
};

void applyFlags(Request& request, std::string_view flags) {
  for (const char flag : flags) {
    if (flag == 'a') request.absolute = true;
    else request.direction = flag;
  }
}

std::optional<Request> parseArguments(const std::vector<std::string>& arguments) {
  Request request;
  bool options = true;
  std::vector<std::string> paths;
  for (const auto& argument : arguments) {
    if (options && argument == "--") options = false;
    else if (!options || argument.size() < 2 || argument.front() != '-') paths.push_back(argument);
    else if (argument.find_first_not_of("auwm", 1) != std::string::npos) return std::nullopt;
    else applyFlags(request, std::string_view(argument).substr(1));
  }
  if (paths.size() != 1 || paths.front().empty()) return std::nullopt;
  request.path = paths.front();
  return request;
}

/** realpath(3) of the longest part that exists, and the rest. */
std::string resolveExisting(const std::string& path) {
  for (size_t end = path.size(); end != std::string::npos && end > 0; end = path.rfind('/', end - 1)) {
    const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.substr(0, end).c_str(), nullptr), std::free);
    if (!real) continue;
    const std::string rest = path.substr(end);
    return std::string(real.get()) == "/" && rest.starts_with('/') ? rest : real.get() + rest;
  }
  return path;
}

std::string environmentValue(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string workingDirectory() {
  const std::unique_ptr<char, void (*)(void*)> directory(::getcwd(nullptr, 0), std::free);
  return directory ? directory.get() : "/";
}

}  // namespace

int runWslpath(const std::vector<std::string>& arguments) {
  if (std::find(arguments.begin(), arguments.end(), "--help") != arguments.end()) {
    std::fputs(usage, stdout);
    return 0;
  }
  const auto request = parseArguments(arguments);
  if (!request) {
    std::fputs(usage, stderr);
    return 1;
  }
  const PathWorld world{parseMountInfo(readFile("/proc/self/mountinfo", maxMountInfo).value_or("")),
                        environmentValue("WSL_DISTRO_NAME"), workingDirectory(), resolveExisting};
  auto result = request->direction == 'u' ? toLinuxPath(world, request->path, request->absolute)
                                          : toHostPath(world, request->path, request->absolute);
  if (!result) {
    std::fprintf(stderr, "wslpath: %s: nothing mounted shows it\n", request->path.c_str());
    return 1;
  }
  if (request->direction == 'm' && hostHasDrives(world)) std::replace(result->begin(), result->end(), '\\', '/');
  std::printf("%s\n", result->c_str());
  return 0;
}

}  // namespace tswsl
