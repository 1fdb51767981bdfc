#pragma once

#include <winsock2.h>

#include <windows.h>

namespace tswsl {

/** A connected or listening socket, or the Winsock error why there is none. */
struct OpenedSocket {
  SOCKET socket = INVALID_SOCKET;
  int error = 0;
};

/** Dials a service in a virtual machine. `timeoutMs` is at most 300,000. */
OpenedSocket ConnectHvSocket(const GUID& vm, const GUID& service, DWORD timeoutMs);

/** Listens for one virtual machine's connections to a service of the host. */
OpenedSocket ListenHvSocket(const GUID& vm, const GUID& service);

}  // namespace tswsl
