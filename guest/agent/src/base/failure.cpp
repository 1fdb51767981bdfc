#include "base/failure.h"

#include <array>
#include <cstring>

namespace tswsl {
namespace {

constexpr std::array<std::string_view, 12> names = {
    "invalid-argument", "not-found", "exists",    "invalid-state", "unsupported", "permission",
    "unavailable",      "timeout",   "cancelled", "disconnected",  "protocol",    "internal",
};

std::string hintFor(int error) {
  if (error == ENOSPC || error == EDQUOT)
    return "free space on the host's disk, or remove a distribution you no longer need";
  if (error == EUCLEAN || error == EIO)
    return "the store's disk is damaged: export what can be read and make a new store";
  return {};
}

}  // namespace

std::string_view codeName(Code code) { return names[static_cast<size_t>(code)]; }

Code codeFromName(std::string_view name) {
  for (size_t i = 0; i < names.size(); ++i) {
    // The array has one entry per enumerator, in the same order.
    if (names[i] == name) return static_cast<Code>(i);
  }
  return Code::internal;
}

Code codeFromErrno(int error) {
  switch (error) {
    case ENOENT:
    case ENODEV:
    case ENXIO:
    case ESRCH:
      return Code::notFound;
    case EEXIST:
      return Code::exists;
    case EACCES:
    case EPERM:
      return Code::permission;
    case EBUSY:
    case ENOTEMPTY:
    case EROFS:
      return Code::invalidState;
    case ENOSPC:
    case EDQUOT:
    case ENOMEM:
    case EMFILE:
    case ENFILE:
    case EAGAIN:
      return Code::unavailable;
    case ENAMETOOLONG:
    case ELOOP:
    case ENOTDIR:
    case EISDIR:
      return Code::invalidArgument;
    case ETIMEDOUT:
      return Code::timeout;
    case EOPNOTSUPP:
    case ENOSYS:
      return Code::unsupported;
    default:
      return Code::internal;
  }
}

void failErrno(const std::string& what, int error) {
  throw Failure(codeFromErrno(error), what + ": " + std::strerror(error), hintFor(error), error);
}

}  // namespace tswsl
