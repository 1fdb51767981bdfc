// run-on-console.exe PORT PROGRAM ARGUMENT...: runs a program on this console, and does with the console what a person
// would, as the test says through a connection to PORT of this machine, a line at a time:
//   key CODE         the character of this code, as the keyboard sends it with Ctrl held down: 3 is Ctrl-C
//   size COLUMNS ROWS
// Wine takes the byte 3 from its terminal for an interrupt of its own, and does not see when the terminal's size changes.

#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>

#include <sstream>
#include <string>
#include <thread>

#include "child_process.h"

namespace {

HANDLE Open(const wchar_t* name) {
  return CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING, 0,
                     nullptr);
}

void PressControl(HANDLE input, WCHAR character) {
  for (const BOOL down : {TRUE, FALSE}) {
    INPUT_RECORD record = {};
    record.EventType = KEY_EVENT;
    record.Event.KeyEvent.bKeyDown = down;
    record.Event.KeyEvent.wRepeatCount = 1;
    record.Event.KeyEvent.wVirtualKeyCode = static_cast<WORD>('@' + character);
    record.Event.KeyEvent.uChar.UnicodeChar = character;
    record.Event.KeyEvent.dwControlKeyState = LEFT_CTRL_PRESSED;
    DWORD written = 0;
    WriteConsoleInputW(input, &record, 1, &written);
  }
}

void Resize(HANDLE input, HANDLE output, COORD size) {
  // The window must never be larger than the buffer.
  const SMALL_RECT smallest = {0, 0, 0, 0};
  const SMALL_RECT window = {0, 0, static_cast<SHORT>(size.X - 1), static_cast<SHORT>(size.Y - 1)};
  SetConsoleWindowInfo(output, TRUE, &smallest);
  SetConsoleScreenBufferSize(output, size);
  SetConsoleWindowInfo(output, TRUE, &window);
  INPUT_RECORD record = {};
  record.EventType = WINDOW_BUFFER_SIZE_EVENT;
  record.Event.WindowBufferSizeEvent.dwSize = size;
  DWORD written = 0;
  WriteConsoleInputW(input, &record, 1, &written);
}

void Obey(const std::string& line, HANDLE input, HANDLE output) {
  std::istringstream words(line);
  std::string word;
  int first = 0;
  int second = 0;
  words >> word >> first >> second;
  if (word == "key") PressControl(input, static_cast<WCHAR>(first));
  if (word == "size") Resize(input, output, {static_cast<SHORT>(first), static_cast<SHORT>(second)});
}

void TakeOrders(unsigned short port) {
  WSADATA data;
  WSAStartup(MAKEWORD(2, 2), &data);
  const SOCKET orders = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // sockets' own way of passing addresses of different families.
  if (connect(orders, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  const HANDLE input = Open(L"CONIN$");
  const HANDLE output = Open(L"CONOUT$");
  std::string line;
  for (char byte = 0; recv(orders, &byte, 1, 0) == 1;) {
    if (byte != '\n') {
      line.push_back(byte);
      continue;
    }
    Obey(line, input, output);
    line.clear();
  }
}

/** An interrupt is for the program; this process stays to tell how that ends. */
BOOL WINAPI Ignore(DWORD) { return TRUE; }

}  // namespace

int wmain(int count, wchar_t** words) {
  if (count < 3) return 250;
  SetConsoleCtrlHandler(Ignore, TRUE);
  // Node asks for the title, and is ended by an assertion of libuv's where it is empty (uv_get_process_title).
  SetConsoleTitleW(L"test");
  const HANDLE child = StartChild(CommandLineAfter(2), GetStdHandle(STD_INPUT_HANDLE), GetStdHandle(STD_OUTPUT_HANDLE),
                                  GetStdHandle(STD_ERROR_HANDLE));
  std::thread(TakeOrders, static_cast<unsigned short>(std::stoul(words[1]))).detach();
  Leave(WaitForChild(child));
}
