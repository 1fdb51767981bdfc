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

/** One transfer under way. It must live until that is complete. */
class Pending {
 public:
  Pending() { overlapped_.hEvent = CreateEventW(nullptr, TRUE, FALSE, nullptr); }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;
  ~Pending() { CloseHandle(overlapped_.hEvent); }

  OVERLAPPED* overlapped() { return &overlapped_; }
  /** Set when it is complete. */
  HANDLE event() const { return overlapped_.hEvent; }
  bool IsComplete() const { return WaitForSingleObject(event(), 0) == WAIT_OBJECT_0; }

 private:
  OVERLAPPED overlapped_ = {};
};

/**
 * A connected socket for one reader and one writer at a time, which do not wait: they begin, and fetch the result when
 * the transfer is complete. Stop makes both end with WSAEDISCON, now and ever after. All on one thread, but
 * ShutDownSending.
 */
class OverlappedSocket {
 public:
  explicit OverlappedSocket(SOCKET socket) : socket_(socket) {}
  OverlappedSocket(const OverlappedSocket&) = delete;
  OverlappedSocket& operator=(const OverlappedSocket&) = delete;
  ~OverlappedSocket() { closesocket(socket_); }

  /** Zero when it has begun, or the Winsock error. No bytes and no error, in the end, is the other side's end. */
  int BeginReceive(char* into, size_t size, Pending& pending);
  /** As BeginReceive. The result may be fewer bytes. */
  int BeginSend(const char* from, size_t size, Pending& pending);
  /** Of a transfer that is complete. */
  Transfer Result(Pending& pending);
  /** Tells the other side that nothing more comes. Zero, or the Winsock error. */
  int ShutDownSending();
  void Stop();

 private:
  SOCKET socket_;
  bool stopped_ = false;
};

}  // namespace tswsl
