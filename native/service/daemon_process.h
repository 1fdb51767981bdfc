#pragma once

#include <windows.h>

#include "service/options.h"
#include "service/service_log.h"

namespace tswsl {

/**
 * One run of the daemon, in a job that ends it, and every process that it has started, when this object or this process
 * goes, however that comes about.
 */
class DaemonProcess {
 public:
  DaemonProcess() = default;
  DaemonProcess(const DaemonProcess&) = delete;
  DaemonProcess& operator=(const DaemonProcess&) = delete;
  ~DaemonProcess();

  /** Starts it. Answers with a Win32 error, zero when it runs. To be called once. */
  DWORD Start(const ServiceOptions& options, const ServiceLog& log);

  /** Signalled at its end. */
  HANDLE Handle() const { return process_; }
  DWORD Id() const { return id_; }
  DWORD ExitCode() const;

 private:
  HANDLE job_ = nullptr;
  HANDLE process_ = nullptr;
  DWORD id_ = 0;
};

}  // namespace tswsl
