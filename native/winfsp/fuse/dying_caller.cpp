#include "winfsp/fuse/dying_caller.h"

#include <csignal>
#include <cstdint>
#include <fstream>
#include <string>

namespace tswsl {

// proc(5): SigPnd and ShdPnd are masks of what is pending, for the thread and for its process.
bool IsDying(pid_t thread) {
  std::ifstream status("/proc/" + std::to_string(thread) + "/status");
  if (!status) return true;
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with("SigPnd:") && !line.starts_with("ShdPnd:")) continue;
    const uint64_t pending = std::stoull(line.substr(7), nullptr, 16);
    if ((pending >> (SIGKILL - 1) & 1) != 0) return true;
  }
  return false;
}

}  // namespace tswsl
