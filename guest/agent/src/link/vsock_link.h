#pragma once

#include <memory>

#include "link/fd_connection.h"

namespace tswsl {

/** A non-blocking listener on this AF_VSOCK port, which is how HvSocket looks in the guest. Throws Failure. */
Fd listenVsock(unsigned port);

/** Listens for the host on this AF_VSOCK port. Throws Failure. */
std::unique_ptr<Link> makeVsockLink(Loop& loop, unsigned port, LinkEvents events);

/** The link over any listening stream socket: one connection at a time, others wait in the backlog. */
std::unique_ptr<Link> makeListeningLink(Loop& loop, Fd listener, LinkEvents events);

}  // namespace tswsl
