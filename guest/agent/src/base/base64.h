#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tswsl {

/** RFC 4648 §4, padding required; nothing when a character or the length is wrong. */
std::optional<std::string> decodeBase64(std::string_view text);

}  // namespace tswsl
