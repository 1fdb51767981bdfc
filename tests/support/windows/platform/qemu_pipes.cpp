// Takes QEMU's place as far as its named pipes go: for each `-chardev pipe,id=…,path=NAME` it makes \\.\pipe\NAME with
// the flags that QEMU's chardev/char-pipe.c has, waits for its client, and only then goes on to the next. QMP's greeting
// follows on standard output. What comes through a pipe goes back through it.
#include <windows.h>

#include <cstdio>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr DWORD bufferBytes = 2048;
constexpr DWORD timeoutMs = 5000;

struct Transfer {
  OVERLAPPED overlapped = {};
  Transfer() { overlapped.hEvent = CreateEventW(nullptr, TRUE, FALSE, nullptr); }
  ~Transfer() { CloseHandle(overlapped.hEvent); }
};

/** The bytes moved by a call that has just returned `done`; zero at the end or on an error. */
DWORD Finish(HANDLE pipe, Transfer& transfer, BOOL done) {
  DWORD bytes = 0;
  if (!done && GetLastError() != ERROR_IO_PENDING) return 0;
  return GetOverlappedResult(pipe, &transfer.overlapped, &bytes, TRUE) ? bytes : 0;
}

HANDLE ServePipe(const std::wstring& name) {
  const std::wstring path = L"\\\\.\\pipe\\" + name;
  const HANDLE pipe = CreateNamedPipeW(path.c_str(), PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
                                       PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT, 1, bufferBytes, bufferBytes,
                                       timeoutMs, nullptr);
  if (pipe == INVALID_HANDLE_VALUE) return nullptr;
  Transfer connection;
  const BOOL connected = ConnectNamedPipe(pipe, &connection.overlapped);
  if (connected || GetLastError() == ERROR_PIPE_CONNECTED) return pipe;
  Finish(pipe, connection, FALSE);
  return pipe;
}

void Echo(HANDLE pipe) {
  char buffer[bufferBytes];
  for (;;) {
    Transfer reading;
    const DWORD got =
        Finish(pipe, reading, ReadFile(pipe, buffer, sizeof buffer, nullptr, &reading.overlapped));
    if (got == 0) return;
    Transfer writing;
    Finish(pipe, writing, WriteFile(pipe, buffer, got, nullptr, &writing.overlapped));
  }
}

/** NAME of `pipe,id=…,path=NAME`; empty for other devices. */
std::wstring PipeName(const std::wstring& device) {
  const size_t at = device.find(L",path=");
  return device.rfind(L"pipe,", 0) == 0 && at != std::wstring::npos ? device.substr(at + 6) : L"";
}

}  // namespace

int wmain(int count, wchar_t** words) {
  std::vector<HANDLE> pipes;
  for (int index = 1; index + 1 < count; ++index) {
    if (std::wstring(words[index]) != L"-chardev") continue;
    const std::wstring name = PipeName(words[index + 1]);
    if (name.empty()) continue;
    const HANDLE pipe = ServePipe(name);
    if (pipe == nullptr) {
      std::fprintf(stderr, "cannot make the pipe %ls: error %lu\n", name.c_str(), GetLastError());
      return 1;
    }
    pipes.push_back(pipe);
  }
  std::puts("{\"QMP\": {\"version\": {}, \"capabilities\": []}}");
  std::fflush(stdout);
  for (const HANDLE pipe : pipes) std::thread(Echo, pipe).detach();
  // As QEMU: the end of its control channel is not its own.
  Sleep(INFINITE);
  return 0;
}
