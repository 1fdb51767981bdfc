#pragma once

#include "winfsp/windows/layout.h"

namespace tswsl::winfsp {

inline constexpr NtStatus kSuccess = 0;
inline constexpr NtStatus kBufferOverflow = static_cast<NtStatus>(0x80000005);
inline constexpr NtStatus kEndOfFile = static_cast<NtStatus>(0xC0000011);
inline constexpr NtStatus kNameInvalid = static_cast<NtStatus>(0xC0000033);
inline constexpr NtStatus kPathNotFound = static_cast<NtStatus>(0xC000003A);

/** The NTSTATUS for one of Linux's error numbers; success for zero. Total. */
NtStatus StatusOf(int error);

}  // namespace tswsl::winfsp
