#include "wire/yamux_header.h"

#include "base/failure.h"
#include "wire/big_endian.h"

namespace tswsl::yamux {

std::string encode(const Header& header) {
  std::string bytes;
  bytes.reserve(headerBytes);
  putBigEndian(bytes, 0, 1);
  putBigEndian(bytes, static_cast<uint64_t>(header.type), 1);
  putBigEndian(bytes, header.flags, 2);
  putBigEndian(bytes, header.streamId, 4);
  putBigEndian(bytes, header.length, 4);
  return bytes;
}

Header decode(std::string_view bytes) {
  const uint64_t version = getBigEndian(bytes.substr(0, 1));
  const uint64_t type = getBigEndian(bytes.substr(1, 1));
  const uint64_t flags = getBigEndian(bytes.substr(2, 2));
  if (version != 0) throw Failure(Code::protocol, "yamux version " + std::to_string(version));
  if (type > 3) throw Failure(Code::protocol, "yamux frame type " + std::to_string(type));
  if (flags > 15) throw Failure(Code::protocol, "yamux flags " + std::to_string(flags));
  // The range of `type` has just been checked against the enumeration.
  return {static_cast<Type>(type), static_cast<uint16_t>(flags),
          static_cast<uint32_t>(getBigEndian(bytes.substr(4, 4))),
          static_cast<uint32_t>(getBigEndian(bytes.substr(8, 4)))};
}

}  // namespace tswsl::yamux
