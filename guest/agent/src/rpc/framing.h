#pragma once

#include <optional>
#include <string>
#include <string_view>

/** The base protocol of the Language Server Protocol: `Content-Length: N`, an empty line, N bytes of JSON. */
namespace tswsl::rpc {

inline constexpr size_t maxMessageBytes = 4 * 1024 * 1024;
inline constexpr size_t maxHeaderBytes = 4 * 1024;

/** The message with its header. */
std::string encodeMessage(std::string_view content);

/** Splits a byte stream into messages, holding at most one of them. */
class MessageDecoder {
 public:
  /**
   * Takes bytes off the front of `input` up to the end of one message; nothing when more is needed. Throws Failure
   * `protocol` when the header cannot be understood: where the next message begins is then unknown.
   */
  std::optional<std::string> next(std::string_view& input);

 private:
  bool readHeader(std::string_view& input);

  std::string header_;
  std::optional<size_t> length_;
  std::string content_;
};

}  // namespace tswsl::rpc
