#include <fcntl.h>
#include <sys/socket.h>

#include "base/failure.h"
#include "files/files_port.h"

namespace tswsl {
namespace {

class ListeningFilesPort : public FilesPort {
 public:
  ListeningFilesPort(Loop& loop, Fd listener) : loop_(loop), listener_(std::move(listener)) {}

  Fd connect() override {
    // The latest is the host's present one; those before it have been given up.
    while (Fd next{::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)}) connection_ = std::move(next);
    if (!connection_) throw Failure(Code::unavailable, "the host does not serve its files");
    return Fd(checked(::fcntl(connection_.get(), F_DUPFD_CLOEXEC, 0), "cannot share the connection"));
  }

  void cut(std::function<void()> done) override {
    if (connection_) ::shutdown(connection_.get(), SHUT_RDWR);
    connection_.reset();
    loop_.post(std::move(done));
  }

 private:
  Loop& loop_;
  Fd listener_;
  /** Ours beside the kernel's, to end it. */
  Fd connection_;
};

}  // namespace

std::unique_ptr<FilesPort> makeListeningFilesPort(Loop& loop, Fd listener) {
  return std::make_unique<ListeningFilesPort>(loop, std::move(listener));
}

}  // namespace tswsl
