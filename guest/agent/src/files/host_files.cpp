#include "files/host_files.h"

#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/vfs.h>

#include <cerrno>
#include <cstring>

#include "base/failure.h"
#include "base/files.h"
#include "base/log.h"
#include "base/paths.h"
#include "files/nine_p_session.h"

namespace tswsl {
namespace {

/** The port's device may come a moment after the agent's own: ports are announced one after the other. */
constexpr std::chrono::milliseconds lookInterval{20};
constexpr int maxLooks = 100;
/** A host that answers takes milliseconds. */
constexpr std::chrono::seconds answerLimit{5};

/**
 * A whole message is what the server reads or writes at once. With mmap, files can be mapped and nothing else is kept,
 * so that what the host changes is seen.
 */
std::string mountOptions(int fd) {
  const std::string number = std::to_string(fd);
  return "trans=fd,rfdno=" + number + ",wfdno=" + number + ",version=9p2000.L,msize=524288,access=user,cache=mmap";
}

/** Asks the server: the kernel answers for a connection that is gone. */
bool isMounted() {
  struct statfs status{};
  return ::statfs(paths::hostFiles, &status) == 0 && status.f_type == V9FS_MAGIC;
}

Json mountOver(int fd) {
  makeDirectories(paths::hostFiles);
  while (::umount2(paths::hostFiles, MNT_DETACH | UMOUNT_NOFOLLOW) == 0) continue;
  beginNinePSession(fd, answerLimit);
  if (::mount("tswsl", paths::hostFiles, "9p", MS_NODEV | MS_NOATIME, mountOptions(fd).c_str()) != 0) {
    const int error = errno;
    throw Failure(Code::unavailable, std::string("the host's files cannot be mounted: ") + std::strerror(error), {},
                  error);
  }
  return Json::object();
}

}  // namespace

void HostFiles::open(OpenPort openPort) {
  openPort_ = std::move(openPort);
  look();
}

void HostFiles::look() {
  if (port_ || !openPort_) return;
  try {
    port_ = openPort_();
  } catch (const Failure& failure) {
    log(std::string("no port for the host's files: ") + failure.what());
    looks_ = maxLooks;
  }
  if (!port_ && ++looks_ < maxLooks) again_ = loop_.after(lookInterval, [this] { look(); });
}

void HostFiles::mount(const rpc::Reply& reply) {
  locks_.acquire(paths::hostFiles, [this, reply](const Token& token) {
    look();
    if (!port_) return reply.fail(Failure(Code::unavailable, "this machine has no port for the host's files"));
    check(reply, token);
  });
}

void HostFiles::check(const rpc::Reply& reply, const Token& token) {
  patience_ = loop_.after(answerLimit, [this] { port_->cut([] {}); });
  jobs_.start([] { return Json(isMounted()); },
              [=, this](const rpc::Answer& answer) {
                patience_.reset();
                if (!answer.failure && answer.result == true) return reply.ok();
                remount(reply, token);
              });
}

void HostFiles::remount(const rpc::Reply& reply, const Token& token) {
  port_->cut([=, this] {
    try {
      connect(reply, token);
    } catch (const Failure& failure) {
      reply.fail(failure);
    }
  });
}

void HostFiles::connect(const rpc::Reply& reply, const Token& token) {
  const Fd socket = port_->connect();
  patience_ = loop_.after(answerLimit, [this] { port_->cut([] {}); });
  const auto done = [=, this](const rpc::Answer& answer) {
    patience_.reset();
    if (!answer.failure) return reply.ok();
    port_->cut([reply, token, failure = *answer.failure] { reply.fail(failure); });
  };
  jobs_.start([] { return mountOver(Jobs::firstKept); }, done, {socket.get()});
}

}  // namespace tswsl
