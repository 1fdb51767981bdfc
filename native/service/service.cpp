#include "service/service.h"

#include <windows.h>

#include <string>

#include "service/options.h"
#include "service/service_log.h"
#include "service/supervisor.h"

namespace tswsl {
namespace {

// A process hosts this one service; its control handler gets no context before ServiceMain has made one.
SERVICE_STATUS_HANDLE status_handle = nullptr;
HANDLE stop_event = nullptr;

void Report(DWORD state, DWORD error = NO_ERROR) {
  SERVICE_STATUS status = {};
  status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
  status.dwCurrentState = state;
  status.dwControlsAccepted = state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN : 0;
  status.dwWin32ExitCode = error;
  // Both ways take far less; installers wait no longer than that either.
  status.dwWaitHint = state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING ? 3000 : 0;
  SetServiceStatus(status_handle, &status);
}

DWORD WINAPI OnControl(DWORD control, DWORD, void*, void*) {
  switch (control) {
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_SHUTDOWN:
      Report(SERVICE_STOP_PENDING);
      SetEvent(stop_event);
      return NO_ERROR;
    case SERVICE_CONTROL_INTERROGATE:
      return NO_ERROR;
    default:
      return ERROR_CALL_NOT_IMPLEMENTED;
  }
}

void WINAPI ServiceMain(DWORD, wchar_t** arguments) {
  stop_event = CreateEventW(nullptr, TRUE, FALSE, nullptr);
  status_handle = RegisterServiceCtrlHandlerExW(arguments[0], OnControl, nullptr);
  if (status_handle == nullptr || stop_event == nullptr) return;
  Report(SERVICE_START_PENDING);
  const ServiceOptions options = ReadOptions();
  const ServiceLog log(options.home);
  log.Write(std::wstring(L"service ") + arguments[0] + L" for " + options.home);
  const DWORD error = Supervise(options, log, stop_event, [] { Report(SERVICE_RUNNING); });
  log.Write(error == NO_ERROR ? L"service stopped" : L"service stopped, error " + std::to_wstring(error));
  Report(SERVICE_STOPPED, error);
}

}  // namespace

int RunService() {
  std::wstring name = L"tswsl";
  const SERVICE_TABLE_ENTRYW table[] = {{name.data(), ServiceMain}, {nullptr, nullptr}};
  // Fails where a person starts this program: it has nothing to say to them, and no window to say it in.
  return StartServiceCtrlDispatcherW(table) ? 0 : static_cast<int>(GetLastError());
}

}  // namespace tswsl
