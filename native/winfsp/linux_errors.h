#pragma once

namespace tswsl {

/** Linux's error numbers that this addon gives by itself, from asm-generic/errno*.h: Windows' errno.h has others. */
namespace linux_errors {
inline constexpr int kNoEntry = 2;
inline constexpr int kInterrupted = 4;
inline constexpr int kInputOutput = 5;
inline constexpr int kNotDirectory = 20;
inline constexpr int kIsDirectory = 21;
inline constexpr int kNotEmpty = 39;
inline constexpr int kNotSupported = 95;
inline constexpr int kNotConnected = 107;
inline constexpr int kTimedOut = 110;
}  // namespace linux_errors

}  // namespace tswsl
