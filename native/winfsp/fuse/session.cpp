#include "winfsp/fuse/session.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "winfsp/fuse/operations.h"

namespace tswsl {
namespace {

// libfuse tells what went wrong through its log alone.
thread_local std::string last_words;

void Remember(enum fuse_log_level level, const char* format, va_list arguments) {
  if (level > FUSE_LOG_ERR) return;
  char line[512];
  std::vsnprintf(line, sizeof line, format, arguments);
  last_words = line;
  while (!last_words.empty() && last_words.back() == '\n') last_words.pop_back();
}

// Without auto_unmount: its fusermount3 stays until this process ends, also when the mount has long been taken away.
class Arguments {
 public:
  explicit Arguments(const MountOptions& options) {
    char* list = nullptr;
    fuse_opt_add_opt(&list, "noatime,subtype=tswsl");
    fuse_opt_add_opt_escaped(&list, ("fsname=" + options.name).c_str());
    fuse_opt_add_arg(&arguments_, "tswsl");
    fuse_opt_add_arg(&arguments_, "-o");
    fuse_opt_add_arg(&arguments_, list);
    std::free(list);
  }
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;
  ~Arguments() { fuse_opt_free_args(&arguments_); }
  fuse_args* get() { return &arguments_; }

 private:
  fuse_args arguments_ = FUSE_ARGS_INIT(0, nullptr);
};

MountError Failure(const char* what) {
  const int code = errno == 0 ? EIO : errno;
  std::string message = what;
  if (!last_words.empty()) message += ": " + last_words;
  return {.code = static_cast<uint32_t>(code), .message = message};
}

}  // namespace

FuseSession::FuseSession(const MountOptions& options, std::shared_ptr<Volume> volume)
    : context_{.volume = std::move(volume), .attribute_timeout = static_cast<double>(options.attribute_timeout.count()) / 1000} {
  fuse_set_log_func(Remember);
  last_words.clear();
  errno = 0;
  Arguments arguments(options);
  session_ = fuse_session_new(arguments.get(), &FuseOperations(), sizeof(fuse_lowlevel_ops), &context_);
  if (session_ == nullptr) throw Failure("fuse_session_new");
  if (fuse_session_mount(session_, options.mount_point.c_str()) != 0) {
    const MountError error = Failure("fuse_session_mount");
    fuse_session_destroy(session_);
    throw error;
  }
  stop_ = eventfd(0, EFD_CLOEXEC);
  const int device = fuse_session_fd(session_);
  // A request can vanish between poll and read, when its caller is killed.
  fcntl(device, F_SETFL, fcntl(device, F_GETFL) | O_NONBLOCK);
  reader_ = std::thread([this] { Read(); });
}

FuseSession::~FuseSession() { Stop(); }

void FuseSession::Read() {
  pollfd ready[] = {{.fd = fuse_session_fd(session_), .events = POLLIN, .revents = 0},
                    {.fd = stop_, .events = POLLIN, .revents = 0}};
  fuse_buf buffer = {};
  while (fuse_session_exited(session_) == 0) {
    if (poll(ready, 2, -1) < 0 && errno != EINTR) break;
    if (ready[1].revents != 0) break;
    const int received = fuse_session_receive_buf(session_, &buffer);
    if (received == -EINTR || received == -EAGAIN) continue;
    if (received <= 0) {
      context_.volume->Notify({.operation = Operation::kUnmounted});
      break;
    }
    fuse_session_process_buf(session_, &buffer);
  }
  std::free(buffer.mem);
}

// The device is closed with nobody reading from it, so that the kernel ends the connection there and then: whoever uses a file
// of this mount gets an error, and the lazy unmount has nothing to wait for.
void FuseSession::Stop() {
  if (session_ == nullptr) return;
  fuse_session_exit(session_);
  const uint64_t one = 1;
  if (write(stop_, &one, sizeof one) < 0) std::abort();  // An eventfd takes it.
  reader_.join();
  fuse_session_unmount(session_);
  fuse_session_destroy(session_);
  session_ = nullptr;
  close(stop_);
}

std::unique_ptr<Host> StartHost(const MountOptions& options, std::shared_ptr<Volume> volume) {
  return std::make_unique<FuseSession>(options, std::move(volume));
}

std::string WhatIsMissing() {
  if (access("/dev/fuse", F_OK) != 0) return "this kernel has no FUSE; load it: modprobe fuse";
  for (const char* program : {"/usr/bin/fusermount3", "/bin/fusermount3", "/usr/local/bin/fusermount3"}) {
    if (access(program, X_OK) == 0) return "";
  }
  return "fusermount3 is not installed; install it: apt-get install fuse3";
}

}  // namespace tswsl
