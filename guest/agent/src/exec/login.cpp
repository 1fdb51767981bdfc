#include "exec/login.h"

namespace tswsl {
namespace {

/** As WSL has it for every user: Debian's for root, and the games that others get. */
constexpr const char* defaultPath =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games";

}  // namespace

Program programOf(const ExecRequest& request, const std::string& shell) {
  if (request.shell == ExecRequest::Shell::none) return {request.argv.front(), request.argv};
  Program program{shell, {shell}};
  // login(1): the dash is how a shell knows that it shall read the profile.
  if (request.shell == ExecRequest::Shell::login) program.argv = {"-" + shell.substr(shell.rfind('/') + 1)};
  if (!request.argv.empty()) {
    program.argv.push_back("-c");
    program.argv.push_back(request.argv.front());
  }
  return program;
}

std::vector<std::string> loginEnvironment(const ExecRequest& request, const Account& account) {
  std::map<std::string, std::string> variables = {
      {"HOME", account.home},   {"USER", account.name}, {"LOGNAME", account.name},
      {"SHELL", account.shell}, {"PATH", defaultPath},
  };
  for (const auto& [name, value] : request.env) variables[name] = value;
  std::vector<std::string> environment;
  for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);
  return environment;
}

std::vector<std::string> workingDirectories(const std::string& cwd, const std::string& home) {
  std::vector<std::string> directories;
  if (cwd.starts_with("~/")) directories.push_back(home + cwd.substr(1));
  else if (cwd.starts_with("/")) directories.push_back(cwd);
  directories.push_back(home);
  directories.push_back("/");
  return directories;
}

}  // namespace tswsl
