#pragma once

#include <windows.h>

#include <functional>

#include "service/options.h"
#include "service/service_log.h"

namespace tswsl {

/**
 * Keeps the daemon running until `stop` is signalled, which ends it at once; starts it again when it dies, after a pause
 * that doubles each time it died young. A daemon that ended because it was asked to is not started again.
 *
 * @param onStarted called when it runs for the first time.
 * @return the Win32 error for which it could not even be started the first time; zero otherwise.
 */
DWORD Supervise(const ServiceOptions& options, const ServiceLog& log, HANDLE stop,
                const std::function<void()>& onStarted);

}  // namespace tswsl
