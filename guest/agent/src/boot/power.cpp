#include "boot/power.h"

#include <sys/reboot.h>
#include <unistd.h>

#include "base/files.h"

namespace tswsl {

void powerOff() {
  ::sync();
  // Without ACPI the kernel cannot switch the power off: it would halt, for ever. QEMU's microvm is such a machine,
  // and ends when it is restarted (-no-reboot, reboot=t).
  const bool canPowerOff = !listDirectory("/sys/firmware/acpi").empty();
  ::reboot(canPowerOff ? RB_POWER_OFF : RB_AUTOBOOT);
  for (;;) ::pause();
}

}  // namespace tswsl
