#include "exec/login.h"

#include <algorithm>

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

std::optional<std::string> localeOf(std::string_view file) {
  constexpr std::string_view name = "LANG=";
  std::optional<std::string> lang;
  while (!file.empty()) {
    std::string_view line = file.substr(0, file.find('\n'));
    file.remove_prefix(std::min(line.size() + 1, file.size()));
    if (!line.starts_with(name)) continue;
    line.remove_prefix(name.size());
    const char quote = line.empty() ? '\0' : line.front();
    if (line.size() >= 2 && (quote == '"' || quote == '\'') && line.back() == quote) line = line.substr(1, line.size() - 2);
    if (!line.empty() && line.find('\0') == std::string_view::npos) lang = line;
  }
  return lang;
}

std::vector<std::string> loginEnvironment(const ExecRequest& request, const Account& account, const std::string& lang) {
  std::map<std::string, std::string> variables = {
      {"HOME", account.home},   {"USER", account.name}, {"LOGNAME", account.name},
      {"SHELL", account.shell}, {"PATH", defaultPath},  {"LANG", lang},
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
