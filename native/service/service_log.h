#pragma once

#include <windows.h>

#include <string>

namespace tswsl {

/**
 * HOME\logs\service.log: a line for each thing that happens to the service, which nobody sees otherwise. A line that
 * cannot be written is lost: there is nowhere to say so. Begun anew once it is 1 MiB long.
 */
class ServiceLog {
 public:
  /** Makes the directories that are missing. */
  explicit ServiceLog(const std::wstring& home);

  void Write(const std::wstring& line) const;

  /** A handle that a child inherits, for appending to HOME\logs\daemon.log. Invalid when that cannot be opened. */
  HANDLE OpenDaemonLog() const;

 private:
  std::wstring directory_;
};

}  // namespace tswsl
