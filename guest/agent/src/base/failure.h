#pragma once

#include <cerrno>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tswsl {

/** The closed vocabulary of failure that crosses the wire: src/base/errors.ts, in the same order. */
enum class Code {
  invalidArgument,
  notFound,
  exists,
  invalidState,
  unsupported,
  permission,
  unavailable,
  timeout,
  cancelled,
  disconnected,
  protocol,
  internal,
};

/** The code as it is written on the wire. */
std::string_view codeName(Code code);

/** The code of that name; `internal` for a name that is not in the list. */
Code codeFromName(std::string_view name);

/** Total: every errno has a code, `internal` being the last resort. */
Code codeFromErrno(int error);

/** The one exception of the agent: what failed, why, what to do next. `error` is the errno, 0 when there is none. */
class Failure : public std::runtime_error {
 public:
  Failure(Code failureCode, const std::string& message, std::string nextStep = {}, int errorNumber = 0)
      : std::runtime_error(message), code(failureCode), hint(std::move(nextStep)), error(errorNumber) {}

  Code code;
  std::string hint;
  int error;
};

/** Throws the failure of a system call: `what` names the deed and its object. */
[[noreturn]] void failErrno(const std::string& what, int error = errno);

/** Passes a system call's result on, or throws when it is negative. */
template <typename T>
T checked(T result, const char* what) {
  if (result < 0) failErrno(what);
  return result;
}

template <typename T>
T checked(T result, const std::string& what) {
  if (result < 0) failErrno(what);
  return result;
}

}  // namespace tswsl
