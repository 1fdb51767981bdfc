#include "host_address.h"

#include <ws2tcpip.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

int ReadPort() {
  wchar_t directory[MAX_PATH] = {};
  GetSystemDirectoryW(directory, MAX_PATH);
  const std::wstring path = std::wstring(directory) + L"\\tswsl-stand-in.port";
  FILE* file = _wfopen(path.c_str(), L"r");
  if (file == nullptr) return 0;
  int port = 0;
  if (std::fscanf(file, "%d", &port) != 1) port = 0;
  std::fclose(file);
  return port;
}

}  // namespace

SOCKET ConnectToHost() {
  WSADATA data;
  WSAStartup(MAKEWORD(2, 2), &data);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<u_short>(ReadPort()));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const SOCKET socket = WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, WSA_FLAG_OVERLAPPED);
  if (socket == INVALID_SOCKET) return socket;
  if (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    closesocket(socket);
    return INVALID_SOCKET;
  }
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, reinterpret_cast<const char*>(&on), sizeof on);
  return socket;
}
