#include "exec/exec_request.h"

#include "rpc/params.h"

namespace tswsl {
namespace {

// The kernel's own limits (execve(2)): one string of 128 KiB. The header as a whole is bounded by its frame.
constexpr size_t maxString = 128 * 1024 - 1;
constexpr size_t maxPath = 4095;

/** execve ends strings at NUL, so one inside would silently cut the rest. */
std::string execString(const Json& value, const char* what) {
  if (!value.is_string()) throw InvalidParams(std::string(what) + " must hold strings");
  std::string text = value.get<std::string>();
  if (text.size() > maxString || text.find('\0') != std::string::npos) {
    throw InvalidParams(std::string(what) + " holds a string that no program can be given");
  }
  return text;
}

ExecRequest::Shell parseShell(const std::string& name) {
  if (name == "login") return ExecRequest::Shell::login;
  if (name == "standard") return ExecRequest::Shell::standard;
  if (name == "none") return ExecRequest::Shell::none;
  throw InvalidParams("shell must be login, standard or none");
}

bool isTerminal(const Params& params, const char* name) {
  const std::string kind = params.text(name);
  if (kind != "tty" && kind != "pipe") throw InvalidParams(std::string(name) + " must be tty or pipe");
  return kind == "tty";
}

std::optional<frames::Resize> parseSize(const Params& params) {
  if (params.isNull("tty")) return std::nullopt;
  const Params size(params.object("tty"));
  // integer() keeps both within 16 bits.
  return frames::Resize{static_cast<uint16_t>(size.integer("rows", 0, 65535)),
                        static_cast<uint16_t>(size.integer("columns", 0, 65535))};
}

}  // namespace

ExecRequest parseExecRequest(const Json& header) {
  const Params params(header);
  ExecRequest request;
  request.distro = params.uuid("distro");
  request.user = params.text("user", 256);
  request.cwd = params.text("cwd", maxPath);
  request.shell = parseShell(params.text("shell"));
  for (const auto& argument : params.array("argv")) request.argv.push_back(execString(argument, "argv"));
  for (const auto& [name, value] : params.object("env").items()) {
    if (name.empty() || name.find('=') != std::string::npos || name.find('\0') != std::string::npos) {
      throw InvalidParams("env holds a name that is none");
    }
    request.env[name] = execString(value, "env");
  }
  if (!params.isNull("cgroup")) request.cgroup = params.text("cgroup", maxPath);
  request.size = parseSize(params);
  request.channels = {isTerminal(params, "stdin"), isTerminal(params, "stdout"), isTerminal(params, "stderr")};
  const bool shell = request.shell != ExecRequest::Shell::none;
  if (!shell && request.argv.empty()) throw InvalidParams("argv is empty");
  if (shell && request.argv.size() > 1) throw InvalidParams("a shell takes one line");
  return request;
}

}  // namespace tswsl
