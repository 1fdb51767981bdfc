#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/** The header of hashicorp's yamux: version, type, flags, stream id, length; big endian, 12 bytes. */
namespace tswsl::yamux {

enum class Type : uint8_t { data = 0, windowUpdate = 1, ping = 2, goAway = 3 };

inline constexpr uint16_t flagSyn = 1;
inline constexpr uint16_t flagAck = 2;
inline constexpr uint16_t flagFin = 4;
inline constexpr uint16_t flagRst = 8;

inline constexpr uint32_t goAwayNormal = 0;
inline constexpr uint32_t goAwayProtocolError = 1;

inline constexpr size_t headerBytes = 12;

struct Header {
  Type type = Type::data;
  uint16_t flags = 0;
  uint32_t streamId = 0;
  /** Payload bytes, window delta, ping value or reason, by type. */
  uint32_t length = 0;
};

std::string encode(const Header& header);

/** `bytes` has exactly headerBytes. Throws Failure `protocol` on another version, an unknown type or flag. */
Header decode(std::string_view bytes);

}  // namespace tswsl::yamux
