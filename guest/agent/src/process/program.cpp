#include "process/program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "base/failure.h"
#include "base/files.h"
#include "process/fork_child.h"

namespace tswsl {
namespace {

constexpr size_t maxComplaint = 2000;

/** A memory file holding `text`: unlike a pipe it can neither fill up nor break. */
Fd textFile(const std::string& text) {
  Fd fd(checked(::memfd_create("tswsl", MFD_CLOEXEC), "memfd_create"));
  writeAll(fd.get(), text, "a memory file");
  ::lseek(fd.get(), 0, SEEK_SET);
  return fd;
}

std::string tidy(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  return text;
}

}  // namespace

ExitStatus waitFor(pid_t pid) {
  siginfo_t info{};
  // The cast is POSIX's: P_PID takes a pid as id_t.
  while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED) != 0 && errno == EINTR) continue;
  return {info.si_code != CLD_EXITED, static_cast<uint8_t>(info.si_status)};
}

ProgramResult runProgram(const std::vector<std::string>& argv, const std::string& input) {
  const Fd in = textFile(input);
  const Fd complaints = textFile({});
  const pid_t pid = forkChild({in.get(), complaints.get()}, [&] {
    ::dup2(3, STDIN_FILENO);
    ::dup2(4, STDOUT_FILENO);
    ::dup2(4, STDERR_FILENO);
    return execProgram(argv);
  });
  const ExitStatus status = waitFor(pid);
  const off_t size = ::lseek(complaints.get(), 0, SEEK_END);
  ::lseek(complaints.get(), std::max<off_t>(0, size - static_cast<off_t>(maxComplaint)), SEEK_SET);
  return {status, tidy(readOpened(complaints.get(), maxComplaint).value_or(""))};
}

ExitStatus runDetached(const std::vector<std::string>& argv) {
  return waitFor(forkChild({}, [&] {
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int number = 0; number < 3; ++number) ::dup2(null, number);
    return execProgram(argv);
  }));
}

void mustRun(const std::vector<std::string>& argv, const std::string& input) {
  const ProgramResult result = runProgram(argv, input);
  if (result.status.success()) return;
  const std::string why = result.status.shellStatus() == 127 && result.complaint.empty()
                              ? "not found in the system image"
                              : "failed with status " + std::to_string(result.status.shellStatus()) +
                                    (result.complaint.empty() ? "" : ": " + result.complaint);
  throw Failure(Code::internal, argv.front() + " " + why);
}

}  // namespace tswsl
