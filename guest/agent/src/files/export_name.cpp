#include "files/export_name.h"

#include <algorithm>

#include "base/failure.h"
#include "base/split.h"

namespace tswsl {
namespace {

constexpr std::string_view prefix = "path=";
constexpr std::string_view more = "more=";
constexpr char separator = ';';
/** NAME_MAX of Linux. */
constexpr size_t maxName = 255;
/** Of the encoded text: with the directories' own names it stays below PATH_MAX. */
constexpr size_t maxText = 3500;
constexpr std::string_view digits = "0123456789ABCDEF";

/** RFC 3986, unreserved. */
bool isPlain(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '~' || c == '-';
}

std::string percentEncode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (isPlain(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return encoded;
}

std::optional<std::string> percentDecode(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const size_t high = digits.find(text[i + 1]);
    const size_t low = digits.find(text[i + 2]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    // Two hexadecimal digits are a byte.
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

/** The value of an option may hold anything; its name is a word. */
std::string encodeOption(std::string_view option) {
  const size_t equals = option.find('=');
  if (equals == std::string_view::npos) return percentEncode(option);
  return percentEncode(option.substr(0, equals)) + "=" + percentEncode(option.substr(equals + 1));
}

std::optional<ExportName> decodeName(std::string_view name) {
  if (!name.starts_with(prefix)) return std::nullopt;
  const auto parts = split(name.substr(prefix.size()), separator);
  const auto path = percentDecode(parts.front());
  if (!path || path->empty() || path->find('\0') != std::string::npos) return std::nullopt;
  ExportName decoded{*path, {}};
  for (size_t i = 1; i < parts.size(); ++i) {
    const auto option = percentDecode(parts[i]);
    if (!option || option->empty()) return std::nullopt;
    decoded.options.push_back(*option);
  }
  return decoded;
}

}  // namespace

std::string encodeExportName(const ExportName& name) {
  std::string text = std::string(prefix) + percentEncode(name.path);
  for (const auto& option : name.options) text += separator + encodeOption(option);
  if (text.size() > maxText) {
    throw Failure(Code::invalidArgument, "the name of the host's folder is too long: " + name.path,
                  "mount a folder above it and go on from there");
  }
  constexpr size_t room = maxName - more.size();
  std::string path;
  for (; text.size() > maxName; text.erase(0, room)) path += std::string(more) + text.substr(0, room) + "/";
  return path + text;
}

std::optional<ExportPath> decodeExportPath(std::string_view path) {
  std::string text;
  for (;;) {
    const size_t end = std::min(path.find('/'), path.size());
    const auto piece = path.substr(0, end);
    path.remove_prefix(end);
    if (piece.empty()) return std::nullopt;
    if (!piece.starts_with(more)) {
      const auto name = decodeName(text + std::string(piece));
      if (!name) return std::nullopt;
      return ExportPath{*name, std::string(path)};
    }
    text += piece.substr(more.size());
    path.remove_prefix(path.empty() ? 0 : 1);
  }
}

}  // namespace tswsl
