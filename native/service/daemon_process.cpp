#include "service/daemon_process.h"

#include <string>

#include "service/environment_block.h"

namespace tswsl {
namespace {

HANDLE KillOnCloseJob() {
  const HANDLE job = CreateJobObjectW(nullptr, nullptr);
  if (job == nullptr) return nullptr;
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {};
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
  if (SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits)) return job;
  CloseHandle(job);
  return nullptr;
}

void Close(HANDLE handle) {
  if (handle != nullptr && handle != INVALID_HANDLE_VALUE) CloseHandle(handle);
}

}  // namespace

DaemonProcess::~DaemonProcess() {
  // In this order: the job's last handle ends the process.
  Close(job_);
  Close(process_);
}

DWORD DaemonProcess::Start(const ServiceOptions& options, const ServiceLog& log) {
  job_ = KillOnCloseJob();
  if (job_ == nullptr) return GetLastError();
  const HANDLE output = log.OpenDaemonLog();
  STARTUPINFOW startup = {};
  startup.cb = sizeof startup;
  startup.dwFlags = STARTF_USESTDHANDLES;
  startup.hStdOutput = output;
  startup.hStdError = output;
  // The daemon's own word for "be the daemon": src/base/program.ts.
  std::wstring line = L"\"" + options.program + L"\" --serve";
  std::wstring environment = EnvironmentBlock(options.home);
  PROCESS_INFORMATION started = {};
  // Suspended until it is in the job: what it starts at once must be in there too.
  const DWORD flags = CREATE_SUSPENDED | CREATE_NO_WINDOW | CREATE_UNICODE_ENVIRONMENT;
  const BOOL created = CreateProcessW(options.program.c_str(), line.data(), nullptr, nullptr, TRUE, flags,
                                      environment.data(), nullptr, &startup, &started);
  DWORD error = created ? ERROR_SUCCESS : GetLastError();
  Close(output);
  if (error != ERROR_SUCCESS) return error;
  process_ = started.hProcess;
  id_ = started.dwProcessId;
  if (!AssignProcessToJobObject(job_, process_)) {
    error = GetLastError();
    TerminateProcess(process_, error);
  }
  ResumeThread(started.hThread);
  CloseHandle(started.hThread);
  return error;
}

DWORD DaemonProcess::ExitCode() const {
  DWORD code = 0;
  GetExitCodeProcess(process_, &code);
  return code;
}

}  // namespace tswsl
