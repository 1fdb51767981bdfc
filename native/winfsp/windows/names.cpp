#include "winfsp/windows/names.h"

#include <cstdint>

namespace tswsl::winfsp {
namespace {

constexpr uint32_t kPrivate = 0xF000;

bool IsReserved(unsigned char byte, bool last) {
  if (byte < 0x20 || byte == 0x7F) return true;
  if (last && (byte == '.' || byte == ' ')) return true;
  return std::string_view("\\/:*?\"<>|").find(static_cast<char>(byte)) != std::string_view::npos;
}

// A character and how many bytes it takes; nothing for what is not UTF-8 (RFC 3629), or would be read back as a byte.
struct Character {
  uint32_t code;
  size_t length;
};

std::optional<Character> Decode(std::string_view bytes) {
  const auto at = [bytes](size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char first = at(0);
  const size_t length = first < 0x80 ? 1 : first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3
                        : first >= 0xF0 && first < 0xF5                                               ? 4
                                                                                                       : 0;
  if (length == 0 || bytes.size() < length) return std::nullopt;
  uint32_t code = length == 1 ? first : first & (0x7F >> length);
  for (size_t i = 1; i < length; i++) {
    if ((at(i) & 0xC0) != 0x80) return std::nullopt;
    code = code << 6 | (at(i) & 0x3F);
  }
  constexpr uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  const bool ours = code >= kPrivate && code < kPrivate + 0x100;
  if (code < kSmallest[length] || code > 0x10FFFF || surrogate || ours) return std::nullopt;
  return Character{code, length};
}

void AppendUtf16(std::wstring& text, uint32_t code) {
  if (code < 0x10000) {
    text += static_cast<wchar_t>(code);
    return;
  }
  text += static_cast<wchar_t>(0xD800 + ((code - 0x10000) >> 10));
  text += static_cast<wchar_t>(0xDC00 + ((code - 0x10000) & 0x3FF));
}

void AppendUtf8(std::string& bytes, uint32_t code) {
  if (code < 0x80) {
    bytes += static_cast<char>(code);
    return;
  }
  const int following = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  bytes += static_cast<char>((0xFF00 >> (following + 1) & 0xFF) | code >> (6 * following));
  for (int i = following - 1; i >= 0; i--) bytes += static_cast<char>(0x80 | (code >> (6 * i) & 0x3F));
}

}  // namespace

std::wstring ToWindowsName(std::string_view name) {
  // These are Windows' own.
  if (name == "." || name == "..") return {name.begin(), name.end()};
  std::wstring text;
  while (!name.empty()) {
    const auto first = static_cast<unsigned char>(name[0]);
    const auto character = Decode(name);
    if (!character || (character->length == 1 && IsReserved(first, name.size() == 1))) {
      text += static_cast<wchar_t>(kPrivate + first);
      name.remove_prefix(1);
    } else {
      AppendUtf16(text, character->code);
      name.remove_prefix(character->length);
    }
  }
  return text;
}

std::optional<std::string> ToLinuxName(std::wstring_view name) {
  std::string bytes;
  for (size_t i = 0; i < name.size(); i++) {
    uint32_t code = static_cast<uint16_t>(name[i]);
    if (code >= kPrivate && code < kPrivate + 0x100) {
      bytes += static_cast<char>(code - kPrivate);
      continue;
    }
    if (code >= 0xD800 && code < 0xE000) {
      const uint32_t low = i + 1 < name.size() ? static_cast<uint16_t>(name[i + 1]) : 0;
      if (code >= 0xDC00 || low < 0xDC00 || low >= 0xE000) return std::nullopt;
      code = 0x10000 + ((code - 0xD800) << 10 | (low - 0xDC00));
      i++;
    }
    AppendUtf8(bytes, code);
  }
  if (bytes.find('/') != std::string::npos || bytes.find('\0') != std::string::npos) return std::nullopt;
  return bytes;
}

std::optional<Path> ToLinuxPath(std::wstring_view path) {
  Path result;
  while (!path.empty()) {
    const size_t end = path.find(L'\\');
    const std::wstring_view part = path.substr(0, end);
    path.remove_prefix(end == std::wstring_view::npos ? path.size() : end + 1);
    if (part.empty()) continue;
    const auto name = ToLinuxName(part);
    if (!name) return std::nullopt;
    result.parent = result.Whole();
    result.name = *name;
  }
  return result;
}

}  // namespace tswsl::winfsp
