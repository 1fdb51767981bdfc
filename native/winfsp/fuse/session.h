#pragma once

#include <fuse_lowlevel.h>

#include <memory>
#include <thread>

#include "winfsp/host.h"

namespace tswsl {

/** What the operations need to know. */
struct FuseContext {
  std::shared_ptr<Volume> volume;
  /** Seconds. */
  double attribute_timeout = 0;
};

/** A mount of libfuse's low-level interface: one thread reads the requests, whoever has an answer sends it. */
class FuseSession : public Host {
 public:
  /** Throws MountError. */
  FuseSession(const MountOptions& options, std::shared_ptr<Volume> volume);
  ~FuseSession() override;
  void Stop() override;

 private:
  void Read();

  FuseContext context_;
  fuse_session* session_ = nullptr;
  /** An eventfd that ends the reader. */
  int stop_ = -1;
  std::thread reader_;
};

}  // namespace tswsl
