#pragma once

namespace tswsl {

/** Serves the service control manager until the service has stopped. The answer is the process's exit status. */
int RunService();

}  // namespace tswsl
