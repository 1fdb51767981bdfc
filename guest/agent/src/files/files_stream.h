#pragma once

#include <memory>
#include <string>

#include "distro/distros.h"
#include "exec/launched.h"
#include "link/outbox.h"
#include "process/reaper.h"
#include "wire/yamux_stream.h"

namespace tswsl {

/**
 * A stream on which a 9P server in a distro serves the distro's files. A Tversion of our own finds out whether the
 * server runs; after its answer comes the header frame, and from then on bytes go to and fro as they are. The server
 * ends with the stream, and the stream with the server or the distro.
 */
class FilesStream : public yamux::StreamHandler, public DistroMember, public std::enable_shared_from_this<FilesStream> {
 public:
  FilesStream(Loop& loop, Reaper& reaper, std::shared_ptr<yamux::Stream> stream)
      : loop_(loop), reaper_(reaper), stream_(std::move(stream)) {}

  void join(const std::shared_ptr<RunningDistro>& distro);
  /** The server's process runs, which does not say that it will serve. */
  void started(Launched launched);
  void fail(const Failure& failure);

  void onData(std::string_view bytes) override;
  void onEnd() override;
  void onReset() override { hangUp(); }
  void onDrain() override { watchOutput(); }
  void distroStopped() override;

 private:
  void flushInput();
  void readOutput();
  void readComplaints();
  void watchOutput();
  void onAnswer(std::string_view bytes);
  void onServerEnd();
  void hangUp();

  Loop& loop_;
  Reaper& reaper_;
  std::shared_ptr<yamux::Stream> stream_;
  std::shared_ptr<RunningDistro> distro_;
  Launched server_;
  bool serverRuns_ = false;
  Outbox input_;
  Loop::Watch inputWatch_;
  Loop::Watch outputWatch_;
  Loop::Watch errorWatch_;
  Loop::Timer patience_;
  std::string answer_;
  std::string complaints_;
  /** The server has proved that it serves. */
  bool open_ = false;
};

}  // namespace tswsl
