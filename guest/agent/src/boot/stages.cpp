#include "boot/stages.h"

#include "base/clock.h"

namespace tswsl {

void Stages::reached(const std::string& name) { stages_.emplace(name, bootMicros()); }

}  // namespace tswsl
