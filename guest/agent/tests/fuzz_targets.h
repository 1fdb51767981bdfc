#pragma once

#include <cstdint>
#include <string_view>

/** One input to one decoder, chosen by its first byte, or to a whole session. Anything but a crash is success. */
void fuzzOne(std::string_view input);
