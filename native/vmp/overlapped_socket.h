#pragma once

#include <winsock2.h>

#include <windows.h>

#include <cstddef>

namespace tswsl {

/** How many bytes went through, or the Winsock error. */
struct Transfer {
  DWORD bytes = 0;
  int error = 0;
};

/**
 * A connected socket for one reader and one writer at a time, on any threads. Stop makes both return with
 * WSAEDISCON, now and ever after.
 */
class OverlappedSocket {
 public:
  explicit OverlappedSocket(SOCKET socket);
  OverlappedSocket(const OverlappedSocket&) = delete;
  OverlappedSocket& operator=(const OverlappedSocket&) = delete;
  ~OverlappedSocket();

  /** Blocks until something came. No bytes and no error is the other side's end. */
  Transfer Receive(char* into, size_t size);
  /** Blocks until all has gone. */
  Transfer Send(const char* from, size_t size);
  /** Tells the other side that nothing more comes. Zero, or the Winsock error. */
  int ShutDownSending();
  void Stop();

 private:
  Transfer Complete(OVERLAPPED* overlapped);

  SOCKET socket_;
  HANDLE stopped_;
};

}  // namespace tswsl
