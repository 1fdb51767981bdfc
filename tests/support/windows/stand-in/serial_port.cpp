#include "serial_port.h"

#include <thread>

#include "host_address.h"
#include "wire.h"

namespace {

void Copy(const std::wstring& pipe, const std::wstring& token) {
  const HANDLE file = CreateFileW(pipe.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, 0, nullptr);
  const DWORD error = file == INVALID_HANDLE_VALUE ? GetLastError() : 0;
  const SOCKET socket = ConnectToHost();
  if (socket != INVALID_SOCKET) {
    SendMessageTo(socket, {L"hello", L"serial", token, std::to_wstring(error)});
    char bytes[16 * 1024];
    for (int size = 0; error == 0 && (size = recv(socket, bytes, sizeof bytes, 0)) > 0;) {
      DWORD written = 0;
      if (!WriteFile(file, bytes, static_cast<DWORD>(size), &written, nullptr)) break;
    }
    closesocket(socket);
  }
  if (error == 0) CloseHandle(file);
}

}  // namespace

void ServeSerialPort(const std::wstring& pipe, const std::wstring& token) { std::thread(Copy, pipe, token).detach(); }
