#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace tswsl {

/** When each stage of the boot was reached, in µs since the kernel started. */
class Stages {
 public:
  void reached(const std::string& name);
  const std::map<std::string, int64_t>& all() const { return stages_; }

 private:
  std::map<std::string, int64_t> stages_;
};

}  // namespace tswsl
