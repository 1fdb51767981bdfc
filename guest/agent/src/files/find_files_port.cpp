#include "files/files_port.h"
#include "link/open_link.h"
#include "link/service_port.h"
#include "link/vsock_link.h"

namespace tswsl {

std::unique_ptr<FilesPort> findFilesPort(Loop& loop, Reaper& reaper) {
  if (auto port = openVirtioFilesPort(loop, reaper)) return port;
  return onHyperV() ? makeListeningFilesPort(loop, listenVsock(filesPort.number)) : nullptr;
}

}  // namespace tswsl
