#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/failure.h"
#include "exec/input_channel.h"
#include "exec/launched.h"
#include "exec/output_channel.h"
#include "process/reaper.h"
#include "wire/yamux_stream.h"

namespace tswsl {

/**
 * One stream that runs one process: frames in (stdin, window, resize, signal), frames out (stdout, stderr, window,
 * exit). It begins before the process exists, and what arrives until then is kept. When the peer goes, the session
 * is hung up; a process that ignores that lives on.
 */
class ProcessStream : public yamux::StreamHandler,
                      public ChannelSink,
                      public std::enable_shared_from_this<ProcessStream> {
 public:
  struct Events {
    /** Given a chance to say that this end has another cause: then `fail` is called instead of sending it. */
    std::function<bool(ExitStatus)> exiting;
    /** The process has been reaped, or never came to be. */
    std::function<void()> gone;
    /** The stream is at its end, whatever the process does. */
    std::function<void()> closed;
  };

  ProcessStream(Loop& loop, Reaper& reaper, std::shared_ptr<yamux::Stream> stream, Channels channels);

  void setEvents(Events events) { events_ = std::move(events); }
  void resizeTo(frames::Resize size) { size_ = size; }

  /** The process runs. */
  void started(Launched launched);
  /** It could not be started. */
  void notStarted(const Failure& failure);
  /** An error frame, and the stream is closed. Does nothing once the exit is on its way. */
  void fail(const Failure& failure);
  /** Sends the exit that `exiting` held back. */
  void finishExit();

  void onData(std::string_view bytes) override;
  void onEnd() override { hangUp(); }
  void onReset() override { hangUp(); }
  void onDrain() override;

  void sendFrame(std::string frame) override;
  bool roomy() const override { return stream_ && stream_->queued() < yamux::Stream::lowMark; }
  void outputEnded() override { sendExitWhenDone(); }

 private:
  void violated(const Failure& failure);
  void onFrame(const frames::Frame& frame);
  void onWindow(std::string_view payload);
  void onExit(ExitStatus status);
  void makeOutputs(Launched& launched);
  void applySize();
  void deliverSignal(int number);
  void sendExitWhenDone();
  void hangUp();
  /** The terminal is the session's controlling terminal; without a keyboard it only shows. */
  bool controlled() const { return terminal_ && channels_.inputIsTerminal; }

  Loop& loop_;
  Reaper& reaper_;
  std::shared_ptr<yamux::Stream> stream_;
  Channels channels_;
  Events events_;
  frames::Decoder decoder_;
  InputChannel input_;
  std::vector<std::unique_ptr<OutputChannel>> outputs_;
  Fd terminal_;
  std::optional<frames::Resize> size_;
  std::vector<int> earlySignals_;
  std::vector<frames::Window> earlyCredit_;
  pid_t pid_ = -1;
  std::optional<ExitStatus> status_;
  bool finishing_ = false;
};

}  // namespace tswsl
