#include <winsock2.h>

#include <windows.h>

#include <cwchar>

#include "host_address.h"
#include "wire.h"

namespace {

std::wstring ToText(const GUID& guid) {
  wchar_t text[37] = {};
  const unsigned char* d = guid.Data4;
  std::swprintf(text, 37, L"%08lx-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", guid.Data1, guid.Data2, guid.Data3, d[0],
                d[1], d[2], d[3], d[4], d[5], d[6], d[7]);
  return text;
}

}  // namespace

/** A connected socket in place of an AF_HYPERV one: a TCP connection that the host joins to the guest's port. */
extern "C" int WINAPI TswslTestHvConnect(const GUID* vm, const GUID* service, SOCKET* out) {
  const SOCKET socket = ConnectToHost();
  if (socket == INVALID_SOCKET) return WSAENETUNREACH;
  SendMessageTo(socket, {L"hello", L"hvsocket", ToText(*vm), ToText(*service)});
  const std::optional<Message> answer = ReceiveMessageFrom(socket);
  const int error = answer && !answer->empty() ? std::stoi(*(*answer)[0]) : WSAECONNRESET;
  if (error != 0) {
    closesocket(socket);
    return error;
  }
  *out = socket;
  return 0;
}
