#include "files/files_stream.h"

#include <signal.h>
#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/json.h"
#include "wire/frames.h"

namespace tswsl {
namespace {

/** Tversion of 9P2000.L (diod's protocol.md): size[4] type[1] tag[2] msize[4] version[s]. The server takes the msize it
 * likes. */
constexpr std::string_view question(
    "\x15\0\0\0\x64\xff\xff\0\0\x10\0\x08\0"
    "9P2000.L",
    21);
/** Rversion has the same fields. */
constexpr char answerType = 0x65;
constexpr size_t answerBytes = question.size();

/** Reads before others get their turn. */
constexpr int readsPerTurn = 8;
constexpr size_t maxComplaints = 1000;
/** A server of a program's size, loaded from the system image under emulation. */
constexpr std::chrono::seconds startLimit{20};
/** After the end of its input the server finishes what it was asked to do. */
constexpr std::chrono::seconds endLimit{2};

std::string lastLine(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  // npos + 1 is 0.
  return text.substr(text.rfind('\n') + 1);
}

}  // namespace

void FilesStream::join(const std::shared_ptr<RunningDistro>& distro) {
  distro_ = distro;
  distro->members[this] = std::static_pointer_cast<FilesStream>(shared_from_this());
}

void FilesStream::started(Launched launched) {
  server_ = std::move(launched);
  serverRuns_ = true;
  reaper_.onExit(server_.pid, [self = shared_from_this()](ExitStatus) {
    self->serverRuns_ = false;
    self->onServerEnd();
  });
  // The peer has gone in the meantime.
  if (!stream_) return hangUp();
  stream_->holdWindow();
  errorWatch_ = loop_.watch(server_.error.get(), EPOLLIN, [this](uint32_t) { readComplaints(); });
  watchOutput();
  patience_ = loop_.after(startLimit, [this] {
    fail(Failure(Code::timeout, "the distribution's file server does not answer", "see `tswsl logs`, and try again"));
  });
  input_.push(std::string(question));
  flushInput();
}

void FilesStream::onData(std::string_view bytes) {
  if (!stream_) return;
  if (!open_) return fail(Failure(Code::protocol, "bytes on a stream of files before its answer"));
  input_.push(std::string(bytes));
  if (!inputWatch_) flushInput();
}

void FilesStream::onEnd() {
  if (const auto stream = std::exchange(stream_, nullptr)) stream->close();
  hangUp();
}

void FilesStream::flushInput() {
  const size_t before = input_.size();
  // A server that reads no more has ended or is about to; its end is what is told.
  if (!input_.flush(server_.input.get())) input_.clear();
  if (open_ && stream_) stream_->consumed(before - input_.size());
  if (input_.size() == 0) return inputWatch_.reset();
  if (!inputWatch_) inputWatch_ = loop_.watch(server_.input.get(), EPOLLOUT, [this](uint32_t) { flushInput(); });
}

void FilesStream::watchOutput() {
  if (outputWatch_ || !server_.output) return;
  outputWatch_ = loop_.watch(server_.output.get(), EPOLLIN, [this](uint32_t) { readOutput(); });
}

void FilesStream::readOutput() {
  static std::array<char, 64 * 1024> buffer;
  for (int i = 0; i < readsPerTurn; ++i) {
    if (!stream_) return;
    // A closed pipe reports itself for ever: what may not be read must not be watched. onDrain comes.
    if (stream_->queued() >= yamux::Stream::lowMark) return outputWatch_.reset();
    const ssize_t count = ::read(server_.output.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) return onServerEnd();
    const std::string_view bytes(buffer.data(), static_cast<size_t>(count));
    if (open_) stream_->write(std::string(bytes));
    else onAnswer(bytes);
  }
}

void FilesStream::onAnswer(std::string_view bytes) {
  answer_.append(bytes);
  if (answer_.size() < answerBytes) return;
  if (answer_.size() > answerBytes || answer_[4] != answerType) {
    return fail(Failure(Code::internal, "the distribution's file server does not speak 9P2000.L"));
  }
  open_ = true;
  patience_.reset();
  stream_->write(frames::encode(frames::Type::header, "{}"));
}

void FilesStream::readComplaints() {
  char buffer[4096];
  const ssize_t count = ::read(server_.error.get(), buffer, sizeof buffer);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) return errorWatch_.reset();
  complaints_.append(buffer, static_cast<size_t>(count));
  if (complaints_.size() > maxComplaints) complaints_.erase(0, complaints_.size() - maxComplaints);
}

/** Its process has ended, or it has closed its output; whichever is seen first. */
void FilesStream::onServerEnd() {
  if (!stream_) return;
  if (!open_) {
    if (server_.error) readComplaints();
    const std::string why = complaints_.empty() ? "" : ": " + lastLine(complaints_);
    return fail(Failure(Code::unavailable, "the file server cannot run in the distribution" + why));
  }
  if (const auto stream = std::exchange(stream_, nullptr)) stream->close();
  hangUp();
}

void FilesStream::distroStopped() {
  const Failure stopped(Code::disconnected, "the distribution was stopped", "the next command starts it again");
  if (!open_) return fail(stopped);
  // In the midst of 9P there is no place for a frame.
  if (const auto stream = std::exchange(stream_, nullptr)) stream->reset();
  hangUp();
}

void FilesStream::fail(const Failure& failure) {
  if (const auto stream = std::exchange(stream_, nullptr)) {
    if (open_) {
      stream->reset();
    } else {
      stream->write(frames::encode(frames::Type::error, dumpJson(toWire(failure))));
      stream->close();
    }
  }
  hangUp();
}

void FilesStream::hangUp() {
  // The stream may have been our last owner, and a watch of ours the caller.
  loop_.post([self = shared_from_this()] {});
  stream_ = nullptr;
  inputWatch_.reset();
  outputWatch_.reset();
  errorWatch_.reset();
  patience_.reset();
  input_.clear();
  if (distro_) distro_->members.erase(this);
  distro_ = nullptr;
  server_.input.reset();
  server_.output.reset();
  server_.error.reset();
  if (!serverRuns_) return;
  patience_ = loop_.after(endLimit, [this] {
    if (serverRuns_) ::kill(server_.pid, SIGKILL);
  });
}

}  // namespace tswsl
