#include "wire/frames.h"

#include <algorithm>

#include "base/failure.h"
#include "wire/big_endian.h"

namespace tswsl::frames {
namespace {

size_t fixedSize(Type type) {
  switch (type) {
    case Type::window:
      return 5;
    case Type::resize:
      return 4;
    case Type::signal:
      return 1;
    case Type::exit:
      return 2;
    default:
      return 0;
  }
}

bool isJson(Type type) { return type == Type::header || type == Type::error || type == Type::progress; }

void check(uint64_t type, size_t length) {
  if (type < 0x01 || type > 0x0a) throw Failure(Code::protocol, "unknown frame type " + std::to_string(type));
  // The range has just been checked against the enumeration.
  const Type known = static_cast<Type>(type);
  const size_t fixed = fixedSize(known);
  const size_t limit = fixed != 0 ? fixed : isJson(known) ? maxJsonBytes : maxDataBytes;
  if (length > limit || (fixed != 0 && length != fixed)) {
    throw Failure(Code::protocol, "frame type " + std::to_string(type) + " of " + std::to_string(length) + " bytes");
  }
}

}  // namespace

std::string encode(Type type, std::string_view payload) {
  std::string frame;
  frame.reserve(headerBytes + payload.size());
  putBigEndian(frame, static_cast<uint64_t>(type), 1);
  putBigEndian(frame, payload.size(), 3);
  frame.append(payload);
  return frame;
}

std::string encodeWindow(Type channel, uint32_t bytes) {
  std::string payload;
  putBigEndian(payload, static_cast<uint64_t>(channel), 1);
  putBigEndian(payload, bytes, 4);
  return encode(Type::window, payload);
}

std::string encodeExit(bool signalled, uint8_t value) {
  std::string payload;
  putBigEndian(payload, signalled ? 1 : 0, 1);
  putBigEndian(payload, value, 1);
  return encode(Type::exit, payload);
}

Window decodeWindow(std::string_view payload) {
  const uint64_t channel = getBigEndian(payload.substr(0, 1));
  if (channel < 0x02 || channel > 0x04) throw Failure(Code::protocol, "window frame for " + std::to_string(channel));
  // The range has just been checked against the data channels.
  return {static_cast<Type>(channel), static_cast<uint32_t>(getBigEndian(payload.substr(1, 4)))};
}

Resize decodeResize(std::string_view payload) {
  return {static_cast<uint16_t>(getBigEndian(payload.substr(0, 2))),
          static_cast<uint16_t>(getBigEndian(payload.substr(2, 2)))};
}

std::optional<Frame> Decoder::next(std::string_view& input) {
  const auto take = [&](size_t total) {
    const size_t part = std::min(total - pending_.size(), input.size());
    pending_.append(input.substr(0, part));
    input.remove_prefix(part);
    return pending_.size() == total;
  };
  if (pending_.size() < headerBytes && !take(headerBytes)) return std::nullopt;
  const uint64_t type = getBigEndian(std::string_view(pending_).substr(0, 1));
  const size_t length = getBigEndian(std::string_view(pending_).substr(1, 3));
  check(type, length);
  if (!take(headerBytes + length)) return std::nullopt;
  Frame frame{static_cast<Type>(type), pending_.substr(headerBytes)};
  pending_.clear();
  return frame;
}

}  // namespace tswsl::frames
