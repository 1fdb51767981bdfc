#pragma once

#include <winsock2.h>

/**
 * A new connection to the process on Linux, whose port is in tswsl-stand-in.port beside this library. A file, because a
 * service has no environment of ours. INVALID_SOCKET when nobody serves.
 */
SOCKET ConnectToHost();
