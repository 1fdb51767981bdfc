#include "rpc/framing.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/failure.h"

namespace tswsl::rpc {
namespace {

constexpr std::string_view headerEnd = "\r\n\r\n";

bool equalIgnoringCase(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(),
                    [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x + 32 : x) == y; });
}

size_t parseLength(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) throw Failure(Code::protocol, "bad Content-Length");
  if (value > maxMessageBytes) throw Failure(Code::protocol, "message of " + std::to_string(value) + " bytes");
  return value;
}

size_t contentLength(std::string_view header) {
  std::optional<size_t> length;
  while (!header.empty()) {
    const size_t end = std::min(header.find("\r\n"), header.size());
    const std::string_view line = header.substr(0, end);
    header.remove_prefix(std::min(end + 2, header.size()));
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) throw Failure(Code::protocol, "a header line without a colon");
    if (equalIgnoringCase(line.substr(0, colon), "content-length")) length = parseLength(line.substr(colon + 1));
  }
  if (!length) throw Failure(Code::protocol, "a message without Content-Length");
  return *length;
}

}  // namespace

std::string encodeMessage(std::string_view content) {
  std::string message = "Content-Length: " + std::to_string(content.size());
  message += headerEnd;
  message += content;
  return message;
}

bool MessageDecoder::readHeader(std::string_view& input) {
  while (!input.empty()) {
    header_ += input.front();
    input.remove_prefix(1);
    if (header_.ends_with(headerEnd)) {
      length_ = contentLength(std::string_view(header_).substr(0, header_.size() - headerEnd.size()));
      header_.clear();
      return true;
    }
    if (header_.size() > maxHeaderBytes) throw Failure(Code::protocol, "message header too long");
  }
  return false;
}

std::optional<std::string> MessageDecoder::next(std::string_view& input) {
  if (!length_ && !readHeader(input)) return std::nullopt;
  const size_t part = std::min(*length_ - content_.size(), input.size());
  content_.append(input.substr(0, part));
  input.remove_prefix(part);
  if (content_.size() < *length_) return std::nullopt;
  length_.reset();
  return std::exchange(content_, {});
}

}  // namespace tswsl::rpc
