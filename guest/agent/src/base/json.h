#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/failure.h"

namespace tswsl {

using Json = nlohmann::json;

/**
 * The document in `text`; nothing when it is not JSON or nested deeper than 64 levels. The limit is there because a
 * document is later written by recursion, and the peer chooses its depth.
 */
std::optional<Json> parseJson(std::string_view text);

/** Compact text. Bytes that are not UTF-8 (file contents, messages of programs) become U+FFFD. */
std::string dumpJson(const Json& value);

/** WireError of src/base/errors.ts. */
Json toWire(const Failure& failure);

/** The reverse; anything malformed becomes `internal`. */
Failure fromWire(const Json& wire);

}  // namespace tswsl
