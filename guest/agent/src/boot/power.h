#pragma once

namespace tswsl {

/** Writes everything out and ends the machine. Only for PID 1 of a VM; does not return. */
[[noreturn]] void powerOff();

}  // namespace tswsl
