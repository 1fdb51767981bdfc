#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/json.h"

namespace tswsl {

/** A request whose parameters are not those of the contract. */
class InvalidParams : public Failure {
 public:
  explicit InvalidParams(const std::string& message) : Failure(Code::invalidArgument, message) {}
};

/** Typed access to an object that the peer sent. Every accessor throws InvalidParams, naming the member. */
class Params {
 public:
  explicit Params(const Json& value);

  const Json& object(const char* name) const;
  const Json& array(const char* name) const;
  std::string text(const char* name, size_t maxBytes = 4096) const;
  /** A whole number from `min` to `max`. A JavaScript peer may spell it with a fraction of zero. */
  int64_t integer(const char* name, int64_t min, int64_t max) const;
  /** The same, or nothing for null. */
  std::optional<int64_t> integerOrNull(const char* name, int64_t min, int64_t max) const;
  bool boolean(const char* name) const;
  /** A UUID in its usual spelling; safe as a file name. */
  std::string uuid(const char* name) const;
  /** Dotted IPv4. */
  std::string ipv4(const char* name) const;
  bool isNull(const char* name) const { return member(name).is_null(); }

 private:
  const Json& member(const char* name) const;
  const Json& value_;
};

bool isUuid(std::string_view text);

}  // namespace tswsl
