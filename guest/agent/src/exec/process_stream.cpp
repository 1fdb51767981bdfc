#include "exec/process_stream.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <utility>

#include "base/json.h"

namespace tswsl {
namespace {

constexpr int lastSignal = 64;
/** What a peer may have said before the process is there; nobody types faster. */
constexpr size_t maxEarly = 64;

/** To a whole group, or to a process that has only just been made and does not lead its group yet. */
void signalGroup(pid_t group, int number) {
  if (::kill(-group, number) != 0) ::kill(group, number);
}

}  // namespace

ProcessStream::ProcessStream(Loop& loop, Reaper& reaper, std::shared_ptr<yamux::Stream> stream, Channels channels)
    : loop_(loop), reaper_(reaper), stream_(std::move(stream)), channels_(channels), input_(loop, *this) {}

void ProcessStream::started(Launched launched) {
  pid_ = launched.pid;
  reaper_.onExit(pid_, [self = shared_from_this()](ExitStatus status) { self->onExit(status); });
  terminal_ = std::move(launched.terminal);
  // The peer has gone in the meantime.
  if (!stream_) return hangUp();
  applySize();
  try {
    makeOutputs(launched);
    if (channels_.inputIsTerminal) input_.attach(Fd(::fcntl(terminal_.get(), F_DUPFD_CLOEXEC, 0)), true);
    else input_.attach(std::move(launched.input), false);
    for (const auto& window : std::exchange(earlyCredit_, {})) {
      for (const auto& output : outputs_) {
        if (output->carries() == window.channel) output->grant(window.bytes);
      }
    }
  } catch (const Failure& failure) {
    return fail(failure);
  }
  for (const int number : std::exchange(earlySignals_, {})) deliverSignal(number);
}

void ProcessStream::makeOutputs(Launched& launched) {
  using frames::Type;
  const auto add = [&](OutputChannel::Kind kind, Fd fd) {
    outputs_.push_back(std::make_unique<OutputChannel>(loop_, *this, std::move(kind), std::move(fd)));
  };
  if (launched.output) add({Type::standardOutput, {Type::standardOutput}}, std::move(launched.output));
  if (launched.error) add({Type::standardError, {Type::standardError}}, std::move(launched.error));
  if (!terminal_) return;
  OutputChannel::Kind kind;
  if (channels_.outputIsTerminal) kind.ends.push_back(Type::standardOutput);
  if (channels_.errorIsTerminal) kind.ends.push_back(Type::standardError);
  // With only stdin on the terminal there is nowhere to show what is written to it.
  if (!kind.ends.empty()) kind.carries = kind.ends.front();
  add(std::move(kind), Fd(::fcntl(terminal_.get(), F_DUPFD_CLOEXEC, 0)));
}

void ProcessStream::onData(std::string_view bytes) {
  try {
    while (stream_) {
      const auto frame = decoder_.next(bytes);
      if (!frame) return;
      onFrame(*frame);
    }
  } catch (const Failure& failure) {
    violated(failure);
  }
}

void ProcessStream::violated(const Failure& failure) {
  if (!finishing_) return fail(failure);
  // The exit cannot be taken back, but it will not be delivered either.
  if (const auto stream = std::exchange(stream_, nullptr)) stream->reset();
  hangUp();
}

void ProcessStream::onFrame(const frames::Frame& frame) {
  using frames::Type;
  // After the exit only credit for what is still to be sent matters; the rest was on its way when it happened.
  if (finishing_ && frame.type != Type::window) return;
  switch (frame.type) {
    case Type::standardInput:
      return frame.payload.empty() ? input_.end() : input_.push(frame.payload);
    case Type::window:
      return onWindow(frame.payload);
    case Type::resize:
      size_ = frames::decodeResize(frame.payload);
      return applySize();
    case Type::signal:
      return deliverSignal(static_cast<uint8_t>(frame.payload.front()));
    default:
      throw Failure(Code::protocol, "unexpected frame type " + std::to_string(static_cast<int>(frame.type)));
  }
}

void ProcessStream::onWindow(std::string_view payload) {
  const auto window = frames::decodeWindow(payload);
  if (window.channel == frames::Type::standardInput) throw Failure(Code::protocol, "credit for stdin is ours to give");
  if (pid_ < 0) {
    if (earlyCredit_.size() >= maxEarly) throw Failure(Code::protocol, "too many window frames before the start");
    return earlyCredit_.push_back(window);
  }
  for (const auto& output : outputs_) {
    if (output->carries() == window.channel) output->grant(window.bytes);
  }
}

void ProcessStream::applySize() {
  if (!terminal_ || !size_) return;
  const winsize size{size_->rows, size_->columns, 0, 0};
  winsize before{};
  // It has its first size from the start: a command that traps SIGWINCH at once must not hear of that.
  const bool known = ::ioctl(terminal_.get(), TIOCGWINSZ, &before) == 0;
  if (known && before.ws_row == size.ws_row && before.ws_col == size.ws_col) return;
  ::ioctl(terminal_.get(), TIOCSWINSZ, &size);
  // The kernel tells the session that the terminal controls.
  if (!controlled() && !status_) signalGroup(pid_, SIGWINCH);
}

void ProcessStream::deliverSignal(int number) {
  if (number < 1 || number > lastSignal) throw Failure(Code::protocol, "signal " + std::to_string(number));
  if (pid_ < 0) {
    if (earlySignals_.size() < maxEarly) earlySignals_.push_back(number);
    return;
  }
  // After its end the number may be another process's.
  if (status_) return;
  pid_t foreground = pid_;
  if (terminal_ && (::ioctl(terminal_.get(), TIOCGPGRP, &foreground) != 0 || foreground <= 1)) foreground = pid_;
  signalGroup(foreground, number);
}

void ProcessStream::onExit(ExitStatus status) {
  status_ = status;
  if (events_.gone) std::exchange(events_.gone, nullptr)();
  if (stream_ && !(events_.exiting && events_.exiting(status))) finishExit();
}

void ProcessStream::notStarted(const Failure& failure) {
  fail(failure);
  if (events_.gone) std::exchange(events_.gone, nullptr)();
}

void ProcessStream::finishExit() {
  if (!stream_ || finishing_) return;
  finishing_ = true;
  input_.hangUp();
  for (const auto& output : outputs_) {
    if (stream_ && !output->ended()) output->finish();
  }
  sendExitWhenDone();
}

void ProcessStream::sendExitWhenDone() {
  if (!finishing_ || !stream_ || !status_) return;
  for (const auto& output : outputs_) {
    if (!output->ended()) return;
  }
  sendFrame(frames::encodeExit(status_->signalled, status_->value));
  if (const auto stream = std::exchange(stream_, nullptr)) stream->close();
  hangUp();
}

void ProcessStream::fail(const Failure& failure) {
  if (!stream_ || finishing_) return;
  sendFrame(frames::encode(frames::Type::error, dumpJson(toWire(failure))));
  if (const auto stream = std::exchange(stream_, nullptr)) stream->close();
  hangUp();
}

void ProcessStream::onDrain() {
  for (const auto& output : outputs_) output->resume();
}

void ProcessStream::sendFrame(std::string frame) {
  if (stream_) stream_->write(std::move(frame));
}

void ProcessStream::hangUp() {
  // The stream may have been our last owner, and a channel of ours the caller.
  loop_.post([self = shared_from_this()] {});
  stream_ = nullptr;
  input_.hangUp();
  for (const auto& output : outputs_) output->hangUp();
  // Closing the master of a controlling terminal hangs up the session; the kernel tells the foreground group as well.
  const bool told = controlled();
  terminal_.reset();
  if (pid_ > 0 && !status_ && !told) signalGroup(pid_, SIGHUP);
  if (events_.closed) std::exchange(events_.closed, nullptr)();
}

}  // namespace tswsl
