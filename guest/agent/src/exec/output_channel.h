#pragma once

#include <optional>
#include <vector>

#include "base/loop.h"
#include "exec/channel_sink.h"

namespace tswsl {

/** A command's output, from a pipe or a terminal to frames, never more than the peer's credit. */
class OutputChannel {
 public:
  struct Kind {
    /** What its bytes are sent as; nothing: read and dropped, so that the writer does not block. */
    std::optional<frames::Type> carries;
    /** The channels that are at their end when this one is. */
    std::vector<frames::Type> ends;
  };

  OutputChannel(Loop& loop, ChannelSink& sink, Kind kind, Fd fd);

  /** The peer takes so many more. Throws Failure `protocol` when the sum exceeds 32 bits. */
  void grant(uint32_t bytes);
  /** The stream has room again. */
  void resume();
  /**
   * The command has exited: sends what can be read now, and then the end, although something in the background may
   * hold the other side open for ever.
   */
  void finish();
  /** Stops without a word. */
  void hangUp();

  bool ended() const { return ended_; }
  std::optional<frames::Type> carries() const { return kind_.carries; }

 private:
  void pump();
  bool blocked() const;
  bool takeOnce();
  void end();
  void watchForBytes();

  Loop& loop_;
  ChannelSink& sink_;
  Kind kind_;
  Fd fd_;
  Loop::Watch watch_;
  uint64_t credit_ = frames::initialCredit;
  /** After finish: so many bytes at most are still sent. */
  std::optional<size_t> left_;
  bool ended_ = false;
};

}  // namespace tswsl
