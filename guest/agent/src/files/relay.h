#pragma once

namespace tswsl {

/**
 * In a process of its own: carries bytes between the virtio port and the kernel's end of a socket, because the kernel's
 * 9P client cannot use the port itself. Ends when either side does, and both descriptors with it: then the kernel
 * answers EIO to whoever waits. Returns the exit status.
 */
int runRelay(int port, int socket);

}  // namespace tswsl
