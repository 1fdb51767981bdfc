#include "addon/text.h"

#include <cstdio>

namespace tswsl {
namespace {

// Windows' wchar_t and JavaScript's code units are both UTF-16.
static_assert(sizeof(wchar_t) == sizeof(char16_t));

std::wstring ToWide(const Napi::Value& value) {
  const std::u16string text = value.As<Napi::String>().Utf16Value();
  return {text.begin(), text.end()};
}

std::string Expected(size_t index, const char* what) {
  return "argument " + std::to_string(index) + " must be " + what;
}

bool ParseGuid(const std::wstring& text, GUID* guid) {
  unsigned long first = 0;
  unsigned int words[2] = {};
  unsigned int bytes[8] = {};
  int end = 0;
  const int fields =
      std::swscanf(text.c_str(), L"%8lx-%4x-%4x-%2x%2x-%2x%2x%2x%2x%2x%2x%n", &first, &words[0], &words[1], &bytes[0],
                   &bytes[1], &bytes[2], &bytes[3], &bytes[4], &bytes[5], &bytes[6], &bytes[7], &end);
  if (fields != 11 || text.size() != 36 || end != 36) return false;
  guid->Data1 = first;
  guid->Data2 = static_cast<unsigned short>(words[0]);
  guid->Data3 = static_cast<unsigned short>(words[1]);
  for (int i = 0; i < 8; i++) guid->Data4[i] = static_cast<unsigned char>(bytes[i]);
  return true;
}

}  // namespace

std::wstring TextArgument(const Napi::CallbackInfo& info, size_t index) {
  if (!info[index].IsString()) throw Napi::TypeError::New(info.Env(), Expected(index, "a string"));
  return ToWide(info[index]);
}

std::optional<std::wstring> OptionalTextArgument(const Napi::CallbackInfo& info, size_t index) {
  if (info[index].IsNull() || info[index].IsUndefined()) return std::nullopt;
  return TextArgument(info, index);
}

GUID GuidArgument(const Napi::CallbackInfo& info, size_t index) {
  GUID guid = {};
  if (!info[index].IsString() || !ParseGuid(ToWide(info[index]), &guid)) {
    throw Napi::TypeError::New(info.Env(), Expected(index, "a GUID"));
  }
  return guid;
}

Napi::Value TextOrNull(Napi::Env env, const std::optional<std::wstring>& text) {
  if (!text) return env.Null();
  return Napi::String::New(env, std::u16string(text->begin(), text->end()));
}

}  // namespace tswsl
