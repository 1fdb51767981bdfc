#pragma once

#include <string>
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

/** `NAME=value` strings: HOME, USER, LOGNAME, SHELL, PATH, then the request's own, which win. */
std::vector<std::string> loginEnvironment(const ExecRequest& request, const Account& account);

/** The directories to try to enter, in order; the last is `/`. */
std::vector<std::string> workingDirectories(const std::string& cwd, const std::string& home);

}  // namespace tswsl
