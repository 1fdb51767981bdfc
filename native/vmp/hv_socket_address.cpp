#include "vmp/hv_socket_address.h"

namespace tswsl {
namespace {

// hvsocket.h of the Windows SDK; mingw's ws2def.h has no AF_HYPERV.
constexpr int kAddressFamily = 34;
constexpr int kProtocolRaw = 1;
constexpr int kConnectTimeout = 1;
constexpr int kConnectedSuspend = 4;

struct Address {
  ADDRESS_FAMILY family;
  USHORT reserved;
  GUID vm;
  GUID service;
};
static_assert(sizeof(Address) == 36);

/**
 * How tests reach a virtual machine where there are no Hyper-V sockets: a computecore.dll that is not Microsoft's may
 * bring the sockets along with its machines. Asked for only when this Windows has no AF_HYPERV, and only of the library
 * that is in System32 and loaded already.
 */
using Substitute = int(WINAPI*)(const GUID* vm, const GUID* service, SOCKET* socket);

OpenedSocket FromSubstitute(const char* name, const GUID& vm, const GUID& service) {
  const HMODULE library = GetModuleHandleW(L"computecore.dll");
  const FARPROC found = library == nullptr ? nullptr : GetProcAddress(library, name);
  if (found == nullptr) return {INVALID_SOCKET, WSAEAFNOSUPPORT};
  OpenedSocket opened;
  // GetProcAddress returns every function as FARPROC.
  opened.error = reinterpret_cast<Substitute>(reinterpret_cast<void*>(found))(&vm, &service, &opened.socket);
  return opened;
}

/** Closes the socket and keeps the error of the call that failed. */
OpenedSocket Fail(SOCKET socket) {
  const int error = WSAGetLastError();
  closesocket(socket);
  return {INVALID_SOCKET, error};
}

void SetOption(SOCKET socket, int option, ULONG value) {
  // Not every Windows knows every option, and none is needed for a connection.
  setsockopt(socket, kProtocolRaw, option, reinterpret_cast<const char*>(&value), sizeof value);
}

SOCKET Open() {
  return WSASocketW(kAddressFamily, SOCK_STREAM, kProtocolRaw, nullptr, 0, WSA_FLAG_OVERLAPPED);
}

const sockaddr* AsAddress(const Address& address) {
  // Winsock's calls take every family's address under this type.
  return reinterpret_cast<const sockaddr*>(&address);
}

}  // namespace

OpenedSocket ConnectHvSocket(const GUID& vm, const GUID& service, DWORD timeoutMs) {
  const SOCKET socket = Open();
  if (socket == INVALID_SOCKET) {
    const int error = WSAGetLastError();
    if (error != WSAEAFNOSUPPORT) return {INVALID_SOCKET, error};
    return FromSubstitute("TswslTestHvConnect", vm, service);
  }
  SetOption(socket, kConnectTimeout, timeoutMs);
  // The connection outlives a pause of the machine.
  SetOption(socket, kConnectedSuspend, 1);
  const Address address = {kAddressFamily, 0, vm, service};
  if (connect(socket, AsAddress(address), sizeof address) != 0) return Fail(socket);
  return {socket, 0};
}

OpenedSocket ListenHvSocket(const GUID& vm, const GUID& service) {
  const SOCKET socket = Open();
  if (socket == INVALID_SOCKET) {
    const int error = WSAGetLastError();
    if (error != WSAEAFNOSUPPORT) return {INVALID_SOCKET, error};
    return FromSubstitute("TswslTestHvListen", vm, service);
  }
  SetOption(socket, kConnectedSuspend, 1);
  const Address address = {kAddressFamily, 0, vm, service};
  if (bind(socket, AsAddress(address), sizeof address) != 0 || listen(socket, SOMAXCONN) != 0) return Fail(socket);
  return {socket, 0};
}

}  // namespace tswsl
