#include "vmp/overlapped_socket.h"

#include <algorithm>

namespace tswsl {
namespace {

/** WSABUF counts in 32 bits; and a write that is stopped should not have far to go. */
constexpr size_t kLargestTransfer = 1 << 20;

WSABUF BufferOf(char* data, size_t size) { return {static_cast<ULONG>(std::min(size, kLargestTransfer)), data}; }

/** Zero for a transfer that is complete or under way. */
int Begun(int result) { return result == 0 || WSAGetLastError() == WSA_IO_PENDING ? 0 : WSAGetLastError(); }

}  // namespace

int OverlappedSocket::BeginReceive(char* into, size_t size, Pending& pending) {
  if (stopped_) return WSAEDISCON;
  WSABUF buffer = BufferOf(into, size);
  DWORD flags = 0;
  return Begun(WSARecv(socket_, &buffer, 1, nullptr, &flags, pending.overlapped(), nullptr));
}

int OverlappedSocket::BeginSend(const char* from, size_t size, Pending& pending) {
  if (stopped_) return WSAEDISCON;
  // Winsock takes what it sends as non-const and does not write to it.
  WSABUF buffer = BufferOf(const_cast<char*>(from), size);
  return Begun(WSASend(socket_, &buffer, 1, nullptr, 0, pending.overlapped(), nullptr));
}

Transfer OverlappedSocket::Result(Pending& pending) {
  Transfer transfer;
  DWORD flags = 0;
  const BOOL done = WSAGetOverlappedResult(socket_, pending.overlapped(), &transfer.bytes, TRUE, &flags);
  // Also when it was complete before the stop.
  if (stopped_) return {0, WSAEDISCON};
  if (!done) transfer.error = WSAGetLastError();
  return transfer;
}

int OverlappedSocket::ShutDownSending() { return shutdown(socket_, SD_SEND) == 0 ? 0 : WSAGetLastError(); }

void OverlappedSocket::Stop() {
  stopped_ = true;
  CancelIoEx(reinterpret_cast<HANDLE>(socket_), nullptr);
}

}  // namespace tswsl
