#include "vmp/overlapped_socket.h"

#include <algorithm>

namespace tswsl {
namespace {

/** One transfer's own event. */
class Pending {
 public:
  Pending() { overlapped_.hEvent = CreateEventW(nullptr, TRUE, FALSE, nullptr); }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;
  ~Pending() { CloseHandle(overlapped_.hEvent); }
  OVERLAPPED* get() { return &overlapped_; }

 private:
  OVERLAPPED overlapped_ = {};
};

/** WSABUF counts in 32 bits; and a write that is stopped should not have far to go. */
constexpr size_t kLargestTransfer = 1 << 20;

}  // namespace

OverlappedSocket::OverlappedSocket(SOCKET socket)
    : socket_(socket), stopped_(CreateEventW(nullptr, TRUE, FALSE, nullptr)) {}

OverlappedSocket::~OverlappedSocket() {
  closesocket(socket_);
  CloseHandle(stopped_);
}

Transfer OverlappedSocket::Receive(char* into, size_t size) {
  Pending pending;
  WSABUF buffer = {static_cast<ULONG>(std::min(size, kLargestTransfer)), into};
  DWORD flags = 0;
  if (WSARecv(socket_, &buffer, 1, nullptr, &flags, pending.get(), nullptr) != 0 &&
      WSAGetLastError() != WSA_IO_PENDING) {
    return {0, WSAGetLastError()};
  }
  return Complete(pending.get());
}

Transfer OverlappedSocket::Send(const char* from, size_t size) {
  Transfer sent;
  while (sent.bytes < size) {
    Pending pending;
    // Winsock takes what it sends as non-const and does not write to it.
    WSABUF buffer = {static_cast<ULONG>(std::min(size - sent.bytes, kLargestTransfer)),
                     const_cast<char*>(from) + sent.bytes};
    if (WSASend(socket_, &buffer, 1, nullptr, 0, pending.get(), nullptr) != 0 && WSAGetLastError() != WSA_IO_PENDING) {
      return {sent.bytes, WSAGetLastError()};
    }
    const Transfer part = Complete(pending.get());
    if (part.error != 0) return {sent.bytes, part.error};
    sent.bytes += part.bytes;
  }
  return sent;
}

int OverlappedSocket::ShutDownSending() { return shutdown(socket_, SD_SEND) == 0 ? 0 : WSAGetLastError(); }

void OverlappedSocket::Stop() { SetEvent(stopped_); }

Transfer OverlappedSocket::Complete(OVERLAPPED* overlapped) {
  // The stop first: it wins when both are there.
  const HANDLE events[] = {stopped_, overlapped->hEvent};
  const bool stop = WaitForMultipleObjects(2, events, FALSE, INFINITE) == WAIT_OBJECT_0;
  // The kernel's until it is complete, cancelled or not.
  if (stop) CancelIoEx(reinterpret_cast<HANDLE>(socket_), overlapped);
  Transfer transfer;
  DWORD flags = 0;
  const BOOL done = WSAGetOverlappedResult(socket_, overlapped, &transfer.bytes, TRUE, &flags);
  if (stop) return {0, WSAEDISCON};
  if (!done) transfer.error = WSAGetLastError();
  return transfer;
}

}  // namespace tswsl
