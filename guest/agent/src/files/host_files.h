#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "distro/lock.h"
#include "files/files_port.h"
#include "process/job.h"
#include "rpc/reply.h"

namespace tswsl {

/** The host's files at `/run/tswsl/host` of the VM, served over FILES_PORT. */
class HostFiles {
 public:
  /** Finds the port, or nothing when this machine has none (yet). */
  using OpenPort = std::function<std::unique_ptr<FilesPort>()>;

  HostFiles(Loop& loop, Jobs& jobs, DistroLocks& locks) : loop_(loop), jobs_(jobs), locks_(locks) {}

  /** Opens the port as soon as it is there. A machine without one goes on without the host's files. */
  void open(OpenPort openPort);

  /** files.mount of the contract. */
  void mount(const rpc::Reply& reply);

 private:
  using Token = DistroLocks::Token;

  void look();
  void check(const rpc::Reply& reply, const Token& token);
  void remount(const rpc::Reply& reply, const Token& token);
  void connect(const rpc::Reply& reply, const Token& token);

  Loop& loop_;
  Jobs& jobs_;
  DistroLocks& locks_;
  OpenPort openPort_;
  std::unique_ptr<FilesPort> port_;
  Loop::Timer again_;
  int looks_ = 0;
  /** Cuts the connection when the host does not answer. */
  Loop::Timer patience_;
};

}  // namespace tswsl
