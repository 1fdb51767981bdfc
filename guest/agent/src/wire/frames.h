#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/** The frames of every stream but the control stream: src/protocol/frames.ts, whose golden vectors are shared. */
namespace tswsl::frames {

enum class Type : uint8_t {
  header = 0x01,
  standardInput = 0x02,
  standardOutput = 0x03,
  standardError = 0x04,
  window = 0x05,
  resize = 0x06,
  signal = 0x07,
  exit = 0x08,
  error = 0x09,
  progress = 0x0a,
};

inline constexpr size_t headerBytes = 4;
inline constexpr size_t maxDataBytes = 64 * 1024;
inline constexpr size_t maxJsonBytes = 1024 * 1024;
/** Bytes of each channel that may be in flight before the first window frame. */
inline constexpr uint32_t initialCredit = 1024 * 1024;

struct Frame {
  Type type;
  std::string payload;
};

struct Window {
  Type channel;
  uint32_t bytes;
};

struct Resize {
  uint16_t rows;
  uint16_t columns;
};

std::string encode(Type type, std::string_view payload = {});
std::string encodeWindow(Type channel, uint32_t bytes);
/** `signalled`: `value` is a signal number and not an exit status. */
std::string encodeExit(bool signalled, uint8_t value);

/** The payload has the right size: the decoder has checked it. Throws Failure `protocol` for a wrong channel. */
Window decodeWindow(std::string_view payload);
Resize decodeResize(std::string_view payload);

/** Splits a byte stream into frames. Holds at most one incomplete frame, within its type's limit. */
class Decoder {
 public:
  /**
   * Takes bytes off the front of `input` up to the end of one frame; nothing when more input is needed. Throws
   * Failure `protocol` on an unknown type or a wrong size; the stream cannot be read on after that.
   */
  std::optional<Frame> next(std::string_view& input);

 private:
  std::string pending_;
};

}  // namespace tswsl::frames
