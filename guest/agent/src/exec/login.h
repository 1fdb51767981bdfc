#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exec/account_files.h"
#include "exec/exec_request.h"

/** What a login gives a user, as pure functions. */
namespace tswsl {

/** What is executed: `file` is searched in PATH unless it has a slash; argv[0] may differ from it. */
struct Program {
  std::string file;
  std::vector<std::string> argv;
};

Program programOf(const ExecRequest& request, const std::string& shell);

/** LANG in a file of `NAME=value` lines (locale.conf(5)), without its quotes; nothing when it is not set there. */
std::optional<std::string> localeOf(std::string_view file);

/** `NAME=value` strings: HOME, USER, LOGNAME, SHELL, PATH, LANG, then the request's own, which win. */
std::vector<std::string> loginEnvironment(const ExecRequest& request, const Account& account, const std::string& lang);

/** The directories to try to enter, in order; the last is `/`. */
std::vector<std::string> workingDirectories(const std::string& cwd, const std::string& home);

}  // namespace tswsl
