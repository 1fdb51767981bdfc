#pragma once

#include <windows.h>

#include <string>

/** The command line of this process without its first `words` words, exactly as it was given. */
std::wstring CommandLineAfter(int words);

/** Starts a program with these standard handles. Ends this process with status 251 when it cannot be started. */
HANDLE StartChild(std::wstring command_line, HANDLE input, HANDLE output, HANDLE error);

/** The exit code of a process that ends some time. */
DWORD WaitForChild(HANDLE process);

/** Ends this process at once: returning from main would wait for threads that read. */
[[noreturn]] void Leave(DWORD code);
