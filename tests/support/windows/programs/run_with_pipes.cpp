// run-with-pipes.exe PROGRAM ARGUMENT...: runs a program with pipes of Wine's own for standard input and output, and
// copies between those and the Unix pipes that this process was given. Node for Windows cannot use the latter: it asks for
// a pipe's state, and Wine answers that it is none. Standard error is passed on as it is, a file.

#include <windows.h>

#include <array>
#include <thread>

#include "child_process.h"

namespace {

constexpr DWORD kPipeBytes = 256 * 1024;

bool WriteAll(HANDLE to, const char* bytes, DWORD length) {
  for (DWORD sent = 0, written = 0; sent < length; sent += written) {
    if (!WriteFile(to, bytes + sent, length - sent, &written, nullptr)) return false;
  }
  return true;
}

/** Until the end of our input, which is a Unix file or pipe. */
void CopyInput(HANDLE to) {
  static std::array<char, kPipeBytes> buffer;
  DWORD length = 0;
  while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), buffer.data(), kPipeBytes, &length, nullptr) && length > 0) {
    if (!WriteAll(to, buffer.data(), length)) return;
  }
}

bool CopyWhatIsThere(HANDLE from) {
  static std::array<char, kPipeBytes> buffer;
  DWORD available = 0;
  DWORD length = 0;
  if (!PeekNamedPipe(from, nullptr, 0, nullptr, &available, nullptr) || available == 0) return false;
  return ReadFile(from, buffer.data(), kPipeBytes, &length, nullptr) &&
         WriteAll(GetStdHandle(STD_OUTPUT_HANDLE), buffer.data(), length);
}

/**
 * Until the child has ended and all that it wrote is out. By looking, and with a writing end of our own kept open: Wine
 * drops what is unread when the last writer of a pipe goes.
 */
void CopyOutput(HANDLE from, HANDLE child) {
  constexpr DWORD kLookMs = 1;
  for (bool ended = false; !ended;) {
    ended = WaitForSingleObject(child, kLookMs) == WAIT_OBJECT_0;
    while (CopyWhatIsThere(from)) {
    }
  }
}

}  // namespace

int wmain() {
  HANDLE child_input = nullptr;
  HANDLE to_child = nullptr;
  HANDLE from_child = nullptr;
  HANDLE child_output = nullptr;
  if (!CreatePipe(&child_input, &to_child, nullptr, kPipeBytes)) return 250;
  if (!CreatePipe(&from_child, &child_output, nullptr, kPipeBytes)) return 250;
  // What the child starts to stay must not keep the test's pipes open.
  for (const DWORD own : {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE}) SetHandleInformation(GetStdHandle(own), HANDLE_FLAG_INHERIT, 0);
  const HANDLE child =
      StartChild(CommandLineAfter(1), child_input, child_output, GetStdHandle(STD_ERROR_HANDLE));
  CloseHandle(child_input);
  // It may be reading when the child has ended; nobody waits for it.
  std::thread([to_child] {
    CopyInput(to_child);
    CloseHandle(to_child);
  }).detach();
  CopyOutput(from_child, child);
  Leave(WaitForChild(child));
}
