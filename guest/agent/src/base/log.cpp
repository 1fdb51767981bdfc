#include "base/log.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/fd.h"

namespace tswsl {
namespace {

/** The kernel cuts a record at about 1 kB; a longer write is refused as a whole. */
constexpr size_t maxLine = 900;

LogTarget target = LogTarget::standardError;

}  // namespace

void logTo(LogTarget newTarget) { target = newTarget; }

void log(const std::string& line) {
  if (target == LogTarget::nowhere) return;
  // Opened for each line: a forked job has given the low descriptors other meanings.
  const Fd device(target == LogTarget::kernel ? ::open("/dev/kmsg", O_WRONLY | O_CLOEXEC) : -1);
  // <5> is the syslog priority "notice": shown on the console unless the kernel was told to be quiet.
  std::string record = (device ? "<5>tswsl-agent: " : "tswsl-agent: ") + line.substr(0, maxLine);
  for (char& c : record) {
    if (c == '\n') c = ' ';
  }
  record += '\n';
  const ssize_t ignored = ::write(device ? device.get() : STDERR_FILENO, record.data(), record.size());
  static_cast<void>(ignored);
}

}  // namespace tswsl
