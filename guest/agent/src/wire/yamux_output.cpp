#include <algorithm>

#include "wire/yamux_session.h"

/** The sending half of a session: queues, windows and fairness between streams. */
namespace tswsl::yamux {
namespace {

/** Largest data frame we send, and so what one stream may put between two frames of another. */
constexpr size_t maxPayload = 64 * 1024;
/** Above this the link has enough to do; what waits, waits in the streams, where it is counted. */
constexpr size_t maxBacklog = 256 * 1024;

}  // namespace

void Stream::write(std::string bytes) {
  if (!alive() || closing_ || bytes.empty()) return;
  queued_ += bytes.size();
  if (queued_ > maxQueued) {
    const auto self = shared_from_this();
    Session* session = session_;
    session->sendHeader(Type::windowUpdate, flagRst, id_, 0);
    return session->forget(self, true);
  }
  wasFull_ = wasFull_ || queued_ >= lowMark;
  queue_.push_back(std::move(bytes));
  session_->makeReady(*this);
  session_->pump();
}

void Stream::close() {
  if (!alive() || closing_) return;
  closing_ = true;
  const auto self = shared_from_this();
  session_->finishIfDone(self);
}

void Stream::reset() {
  if (!alive()) return;
  const auto self = shared_from_this();
  Session* session = session_;
  session->sendHeader(Type::windowUpdate, flagRst, id_, 0);
  session->forget(self, false);
}

void Session::makeReady(Stream& stream) {
  if (stream.ready_ || stream.queue_.empty() || stream.sendWindow_ == 0) return;
  stream.ready_ = true;
  ready_.push_back(stream.shared_from_this());
}

void Session::pump() {
  // A handler told of a drain writes again and comes back here: the outer call goes on for it.
  if (pumping_) return;
  pumping_ = true;
  while (!ended_ && !ready_.empty() && wire_.backlog() < maxBacklog) {
    const StreamPointer stream = ready_.front();
    ready_.pop_front();
    stream->ready_ = false;
    if (stream->alive()) sendSome(stream);
  }
  pumping_ = false;
}

void Session::sendSome(const StreamPointer& stream) {
  const size_t length = std::min({maxPayload, stream->queued_, static_cast<size_t>(stream->sendWindow_)});
  std::string frame = encode({Type::data, 0, stream->id_, static_cast<uint32_t>(length)});
  frame.reserve(headerBytes + length);
  for (size_t left = length; left > 0;) {
    const std::string& front = stream->queue_.front();
    const size_t part = std::min(left, front.size() - stream->frontOffset_);
    frame.append(front, stream->frontOffset_, part);
    stream->frontOffset_ += part;
    left -= part;
    if (stream->frontOffset_ < front.size()) continue;
    stream->queue_.pop_front();
    stream->frontOffset_ = 0;
  }
  stream->queued_ -= length;
  // length is at most the window, which fits.
  stream->sendWindow_ -= static_cast<uint32_t>(length);
  wire_.send(std::move(frame));
  makeReady(*stream);
  if (stream->wasFull_ && stream->queued_ < Stream::lowMark) {
    stream->wasFull_ = false;
    if (const auto handler = stream->handler_) handler->onDrain();
  }
  finishIfDone(stream);
}

void Session::finishIfDone(const StreamPointer& stream) {
  if (!stream->alive() || !stream->closing_ || !stream->queue_.empty()) return;
  if (!stream->finSent_) {
    stream->finSent_ = true;
    sendHeader(Type::windowUpdate, flagFin, stream->id_, 0);
  }
  if (stream->peerClosed_) forget(stream, false);
}

}  // namespace tswsl::yamux
