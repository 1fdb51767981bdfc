#pragma once

namespace tswsl {

/**
 * The init of a distro that has none of its own: reaps orphans until it is told to end (SIGTERM, SIGPWR, SIGINT, or
 * SIGRTMIN+3 as systemd understands it), then asks all others to, waits shortly, and exits with 0; the kernel kills
 * whoever is left of the PID namespace.
 */
int runDistroInit();

}  // namespace tswsl
