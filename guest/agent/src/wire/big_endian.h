#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tswsl {

/** Appends the low `bytes` bytes of `value`, most significant first. */
inline void putBigEndian(std::string& out, uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>((value >> shift) & 0xff);
}

/** The whole of `bytes` (at most 8) as a number, most significant first. */
inline uint64_t getBigEndian(std::string_view bytes) {
  uint64_t value = 0;
  for (const char c : bytes) value = (value << 8) | static_cast<uint8_t>(c);
  return value;
}

}  // namespace tswsl
