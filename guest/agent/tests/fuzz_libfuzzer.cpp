#include "fuzz_targets.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzzOne({reinterpret_cast<const char*>(data), size});  // Bytes are bytes.
  return 0;
}
