#include "child_process.h"

#include <stdio.h>

namespace {

constexpr UINT kCannotStart = 251;

const wchar_t* SkipWord(const wchar_t* at) {
  bool quoted = false;
  for (; *at != L'\0' && (quoted || (*at != L' ' && *at != L'\t')); at++) {
    if (*at == L'"') quoted = !quoted;
  }
  while (*at == L' ' || *at == L'\t') at++;
  return at;
}

}  // namespace

std::wstring CommandLineAfter(int words) {
  const wchar_t* at = GetCommandLineW();
  for (int i = 0; i < words; i++) at = SkipWord(at);
  return at;
}

HANDLE StartChild(std::wstring command_line, HANDLE input, HANDLE output, HANDLE error) {
  STARTUPINFOW startup = {};
  startup.cb = sizeof startup;
  startup.dwFlags = STARTF_USESTDHANDLES;
  startup.hStdInput = input;
  startup.hStdOutput = output;
  startup.hStdError = error;
  for (const HANDLE handle : {input, output, error}) SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
  PROCESS_INFORMATION started = {};
  if (!CreateProcessW(nullptr, command_line.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &startup, &started)) {
    fwprintf(stderr, L"cannot start %ls: %lu\n", command_line.c_str(), GetLastError());
    ExitProcess(kCannotStart);
  }
  CloseHandle(started.hThread);
  return started.hProcess;
}

DWORD WaitForChild(HANDLE process) {
  DWORD code = 0;
  WaitForSingleObject(process, INFINITE);
  GetExitCodeProcess(process, &code);
  return code;
}

void Leave(DWORD code) {
  TerminateProcess(GetCurrentProcess(), code);
  for (;;) Sleep(INFINITE);
}
