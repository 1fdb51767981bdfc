#pragma once

#include <string>

#include "base/files.h"
#include "base/json.h"
#include "harness.h"

/** The vectors that the TypeScript side is tested with, too. */
inline tswsl::Json golden(const std::string& name) {
  const auto text = tswsl::readFile(std::string(TSWSL_FIXTURES) + "/" + name, 16 * 1024 * 1024);
  CHECK(text.has_value());
  const auto json = tswsl::parseJson(*text);
  CHECK(json.has_value() && json->is_array() && !json->empty());
  return *json;
}

inline std::string fromHex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}
