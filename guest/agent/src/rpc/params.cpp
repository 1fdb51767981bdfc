#include "rpc/params.h"

#include <arpa/inet.h>

#include <cmath>

namespace tswsl {

bool isUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

Params::Params(const Json& value) : value_(value) {
  if (!value.is_object()) throw InvalidParams("the parameters must be an object");
}

const Json& Params::member(const char* name) const {
  const auto it = value_.find(name);
  if (it == value_.end()) throw InvalidParams(std::string(name) + " is missing");
  return *it;
}

const Json& Params::object(const char* name) const {
  const Json& value = member(name);
  if (!value.is_object()) throw InvalidParams(std::string(name) + " must be an object");
  return value;
}

const Json& Params::array(const char* name) const {
  const Json& value = member(name);
  if (!value.is_array()) throw InvalidParams(std::string(name) + " must be an array");
  return value;
}

std::string Params::text(const char* name, size_t maxBytes) const {
  const Json& value = member(name);
  if (!value.is_string()) throw InvalidParams(std::string(name) + " must be a string");
  std::string text = value.get<std::string>();
  if (text.size() > maxBytes) throw InvalidParams(std::string(name) + " is too long");
  return text;
}

int64_t Params::integer(const char* name, int64_t min, int64_t max) const {
  const Json& value = member(name);
  // Beyond 2^53 a double is no longer exact, so nothing larger can have been meant.
  constexpr double exact = 9007199254740992.0;
  if (!value.is_number()) throw InvalidParams(std::string(name) + " must be a number");
  const double number = value.get<double>();
  if (std::trunc(number) != number || std::fabs(number) > exact)
    throw InvalidParams(std::string(name) + " must be whole");
  const auto whole = static_cast<int64_t>(number);
  if (whole < min || whole > max) throw InvalidParams(std::string(name) + " is out of range");
  return whole;
}

std::optional<int64_t> Params::integerOrNull(const char* name, int64_t min, int64_t max) const {
  if (isNull(name)) return std::nullopt;
  return integer(name, min, max);
}

bool Params::boolean(const char* name) const {
  const Json& value = member(name);
  if (!value.is_boolean()) throw InvalidParams(std::string(name) + " must be true or false");
  return value.get<bool>();
}

std::string Params::uuid(const char* name) const {
  std::string value = text(name, 36);
  if (!isUuid(value)) throw InvalidParams(std::string(name) + " must be a UUID");
  return value;
}

std::string Params::ipv4(const char* name) const {
  std::string value = text(name, 15);
  in_addr address{};
  if (::inet_pton(AF_INET, value.c_str(), &address) != 1)
    throw InvalidParams(std::string(name) + " must be an IPv4 address");
  return value;
}

}  // namespace tswsl
