#pragma once

#include <sys/types.h>

namespace tswsl {

/** True for a thread that has a fatal signal to die of: the kernel turns every such signal into SIGKILL. */
bool IsDying(pid_t thread);

}  // namespace tswsl
