#pragma once

#include <windows.h>
#include <winternl.h>

// Of ntdll.dll, as Microsoft documents them (ntifs.h of the Windows Driver Kit); mingw's winternl.h has not all of them.
extern "C" {
NTSTATUS NTAPI NtQueryDirectoryFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io,
                                    PVOID into, ULONG length, FILE_INFORMATION_CLASS kind, BOOLEAN single,
                                    PUNICODE_STRING name, BOOLEAN restart);
NTSTATUS NTAPI NtQueryEaFile(HANDLE file, PIO_STATUS_BLOCK io, PVOID into, ULONG length, BOOLEAN single, PVOID names,
                             ULONG names_length, PULONG index, BOOLEAN restart);
NTSTATUS NTAPI NtSetEaFile(HANDLE file, PIO_STATUS_BLOCK io, PVOID from, ULONG length);
NTSTATUS NTAPI NtReadFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io, PVOID into,
                          ULONG length, PLARGE_INTEGER offset, PULONG key);
NTSTATUS NTAPI NtWriteFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io,
                           PVOID from, ULONG length, PLARGE_INTEGER offset, PULONG key);
NTSTATUS NTAPI NtFlushBuffersFile(HANDLE file, PIO_STATUS_BLOCK io);
}
