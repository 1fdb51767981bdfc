#include "base/json.h"

namespace tswsl {
namespace {

constexpr int maxDepth = 64;

bool nestedTooDeep(std::string_view text) {
  int depth = 0;
  bool inString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inString) {
      if (c == '\\') ++i;
      else if (c == '"') inString = false;
    } else if (c == '"') {
      inString = true;
    } else if (c == '[' || c == '{') {
      if (++depth > maxDepth) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

std::string textOr(const Json& object, const char* key, const char* fallback) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : fallback;
}

}  // namespace

std::optional<Json> parseJson(std::string_view text) {
  if (nestedTooDeep(text)) return std::nullopt;
  Json value = Json::parse(text.begin(), text.end(), nullptr, false);
  if (value.is_discarded()) return std::nullopt;
  return value;
}

std::string dumpJson(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json toWire(const Failure& failure) {
  Json wire = {{"code", codeName(failure.code)}, {"message", failure.what()}};
  if (!failure.hint.empty()) wire["hint"] = failure.hint;
  if (failure.error != 0) wire["details"] = {{"errno", failure.error}};
  return wire;
}

Failure fromWire(const Json& wire) {
  if (!wire.is_object()) return Failure(Code::internal, "a malformed error");
  int error = 0;
  if (const auto details = wire.find("details"); details != wire.end() && details->is_object()) {
    const auto number = details->find("errno");
    if (number != details->end() && number->is_number_integer()) error = number->get<int>();
  }
  return Failure(codeFromName(textOr(wire, "code", "internal")), textOr(wire, "message", "unknown error"),
                 textOr(wire, "hint", ""), error);
}

}  // namespace tswsl
