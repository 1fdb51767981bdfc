#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "base/loop.h"
#include "exec/channel_sink.h"

namespace tswsl {

/**
 * stdin frames on their way to a pipe or a terminal. It holds at most the credit it has given, so the stream that
 * carries it never stops: window sizes and signals get through however full it is.
 */
class InputChannel {
 public:
  InputChannel(Loop& loop, ChannelSink& sink) : loop_(loop), sink_(sink) {}

  /** From now on bytes go to this non-blocking descriptor; what was queued before goes first. */
  void attach(Fd fd, bool terminal);
  /** Throws Failure `protocol` when the peer sends more than its credit, or anything after the end. */
  void push(std::string bytes);
  void end();
  /** Closes the descriptor and forgets the queue. */
  void hangUp();

 private:
  void flush();
  void watchForRoom();
  void consumed(size_t bytes);
  void discard();
  void finish();

  Loop& loop_;
  ChannelSink& sink_;
  Fd fd_;
  Loop::Watch watch_;
  std::deque<std::string> queue_;
  size_t offset_ = 0;
  uint32_t credit_ = frames::initialCredit;
  uint32_t owed_ = 0;
  bool terminal_ = false;
  bool ended_ = false;
  /** Nobody reads any more: bytes are dropped, but their credit is returned, so that the peer can finish. */
  bool discarding_ = false;
};

}  // namespace tswsl
