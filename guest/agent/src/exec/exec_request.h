#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "exec/launched.h"
#include "wire/frames.h"

namespace tswsl {

/** ExecHeader of the contract. */
struct ExecRequest {
  enum class Shell { login, standard, none };

  std::string distro;
  std::string user;
  std::string cwd;
  Shell shell = Shell::none;
  std::vector<std::string> argv;
  std::map<std::string, std::string> env;
  /** As the distro sees it; nothing for a command without a session. */
  std::optional<std::string> cgroup;
  std::optional<frames::Resize> size;
  Channels channels;
};

/** Throws InvalidParams. */
ExecRequest parseExecRequest(const Json& header);

}  // namespace tswsl
