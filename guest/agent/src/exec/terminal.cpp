#include "exec/terminal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "base/failure.h"

namespace tswsl {

Terminal openTerminal(const std::optional<frames::Resize>& size, bool hasKeyboard) {
  Terminal terminal;
  terminal.master =
      Fd(checked(::open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK), "cannot open /dev/ptmx"));
  const int unlock = 0;
  checked(::ioctl(terminal.master.get(), TIOCSPTLCK, &unlock), "cannot unlock the terminal");
  // Not by its name: what lies at /dev/pts is the distro's to choose.
  terminal.slave = Fd(
      checked(::ioctl(terminal.master.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC), "cannot open the terminal"));
  termios settings{};
  if (::tcgetattr(terminal.slave.get(), &settings) == 0) {
    // Erasing one character erases all bytes of it.
    settings.c_iflag |= IUTF8;
    if (!hasKeyboard) settings.c_oflag &= ~static_cast<tcflag_t>(OPOST);
    ::tcsetattr(terminal.slave.get(), TCSANOW, &settings);
  }
  if (size) {
    const winsize window{size->rows, size->columns, 0, 0};
    ::ioctl(terminal.slave.get(), TIOCSWINSZ, &window);
  }
  return terminal;
}

void takeControl(const Fd& slave) {
  checked(::ioctl(slave.get(), TIOCSCTTY, 0), "cannot take control of the terminal");
}

}  // namespace tswsl
