#include "files/files_port.h"
#include "link/open_link.h"

namespace tswsl {

std::unique_ptr<FilesPort> findFilesPort(Loop& loop, Reaper& reaper) {
  if (auto port = openVirtioFilesPort(loop, reaper)) return port;
  return onHyperV() ? openVsockFilesPort(loop) : nullptr;
}

}  // namespace tswsl
