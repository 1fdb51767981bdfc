#include "service/supervisor.h"

#include <algorithm>
#include <array>
#include <string>

#include "service/daemon_process.h"

namespace tswsl {
namespace {

/** The daemon's own word for it: src/base/program.ts. */
constexpr DWORD kEndedAsAsked = 100;
constexpr DWORD kFirstPauseMs = 500;
constexpr DWORD kLongestPauseMs = 60'000;
/** One that has lived this long did not die of its start. */
constexpr ULONGLONG kGrownMs = 60'000;

class Pause {
 public:
  DWORD Next(ULONGLONG livedMs) {
    if (livedMs >= kGrownMs) next_ = kFirstPauseMs;
    const DWORD pause = next_;
    next_ = std::min(next_ * 2, kLongestPauseMs);
    return pause;
  }

 private:
  DWORD next_ = kFirstPauseMs;
};

bool WaitForStop(HANDLE stop, DWORD ms) { return WaitForSingleObject(stop, ms) == WAIT_OBJECT_0; }

/** True when the service is to stop, false when the daemon has ended. */
bool WaitForEither(HANDLE stop, HANDLE daemon) {
  const std::array<HANDLE, 2> handles = {stop, daemon};
  return WaitForMultipleObjects(2, handles.data(), FALSE, INFINITE) == WAIT_OBJECT_0;
}

}  // namespace

DWORD Supervise(const ServiceOptions& options, const ServiceLog& log, HANDLE stop,
                const std::function<void()>& onStarted) {
  Pause pause;
  for (bool first = true;; first = false) {
    const ULONGLONG started = GetTickCount64();
    DaemonProcess daemon;
    const DWORD error = daemon.Start(options, log);
    if (error != ERROR_SUCCESS) {
      log.Write(L"cannot start " + options.program + L": Windows error " + std::to_wstring(error));
      if (first) return error;
    } else {
      log.Write(L"daemon started, process " + std::to_wstring(daemon.Id()));
      if (first) onStarted();
      if (WaitForEither(stop, daemon.Handle())) {
        log.Write(L"stopping as asked");
        return ERROR_SUCCESS;
      }
      const DWORD code = daemon.ExitCode();
      log.Write(L"daemon ended with status " + std::to_wstring(code));
      if (code == kEndedAsAsked) return ERROR_SUCCESS;
    }
    const DWORD ms = pause.Next(GetTickCount64() - started);
    log.Write(L"starting it again in " + std::to_wstring(ms) + L" ms");
    if (WaitForStop(stop, ms)) return ERROR_SUCCESS;
  }
}

}  // namespace tswsl
