#pragma once

#include "base/loop.h"
#include "link/link.h"
#include "link/outbox.h"

namespace tswsl {

/**
 * A host connection over one non-blocking descriptor, watched edge-triggered so that an idle link, connected or not,
 * costs nothing. What an end of file means is for the owner: a socket is finished, a virtio port comes back.
 */
class FdConnection : public Connection {
 public:
  struct Owner {
    LinkEvents events;
    /** No more bytes for now: 0 from read, or an error. */
    std::function<void()> hungUp;
    /** The descriptor can be used (again). */
    std::function<void()> usable;
  };

  FdConnection(Loop& loop, Fd fd, Owner owner);
  ~FdConnection() override { *alive_ = false; }

  void send(std::string bytes) override;
  size_t backlog() const override { return outbox_.size(); }
  void abandon() override { abandoned_ = true; }

  /** Starts afresh: the next host knows nothing of what the last one was to be told. */
  void forget();
  int descriptor() const { return fd_.get(); }

 private:
  void onEvent(uint32_t events);
  void readAll();
  void flush();

  Loop& loop_;
  Fd fd_;
  Owner owner_;
  Outbox outbox_;
  bool abandoned_ = false;
  bool flushPosted_ = false;
  bool readPosted_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  Loop::Watch watch_;
};

}  // namespace tswsl
