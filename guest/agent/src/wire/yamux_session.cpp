#include "wire/yamux_session.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/failure.h"

namespace tswsl::yamux {

Session::Session(Wire wire, Accept accept) : wire_(std::move(wire)), accept_(std::move(accept)) {}

void Session::feed(std::string_view bytes) {
  while (!bytes.empty() && !ended_) {
    if (bodyLeft_ > 0) {
      const std::string_view part = bytes.substr(0, bodyLeft_);
      bytes.remove_prefix(part.size());
      bodyLeft_ -= static_cast<uint32_t>(part.size());
      deliver(part);
      continue;
    }
    const size_t wanted = std::min(headerBytes - partialHeader_.size(), bytes.size());
    partialHeader_.append(bytes.substr(0, wanted));
    bytes.remove_prefix(wanted);
    if (partialHeader_.size() < headerBytes) return;
    try {
      const Header header = decode(partialHeader_);
      partialHeader_.clear();
      dispatch(header);
    } catch (const Failure& failure) {
      violate(failure.what());
    }
  }
}

void Session::dispatch(const Header& header) {
  switch (header.type) {
    case Type::data:
    case Type::windowUpdate:
      return onStreamFrame(header);
    case Type::ping:
      return onPing(header);
    case Type::goAway:
      if (header.streamId != 0) return violate("GoAway on a stream");
      // A normal GoAway only announces that no stream will be opened; after an error nothing sensible follows.
      if (header.length != goAwayNormal) end();
  }
}

void Session::onPing(const Header& header) {
  if (header.streamId != 0) return violate("ping on a stream");
  if ((header.flags & flagSyn) != 0) sendHeader(Type::ping, flagAck, 0, header.length);
}

void Session::onStreamFrame(const Header& header) {
  if (header.streamId == 0) return violate("stream frame on the session");
  if ((header.flags & flagSyn) != 0) {
    if (header.streamId % 2 == 0) return violate("the peer's streams must have odd ids");
    if (streams_.contains(header.streamId)) return violate("stream opened twice");
    openStream(header.streamId);
  }
  const auto it = streams_.find(header.streamId);
  const StreamPointer stream = it == streams_.end() ? nullptr : it->second;
  if (stream && (header.flags & flagRst) != 0) {
    forget(stream, true);
  } else if (stream && header.type == Type::windowUpdate) {
    widen(*stream, header.length);
    if (!ended_ && (header.flags & flagFin) != 0) peerFinished(stream);
  }
  if (!ended_ && header.type == Type::data) startBody(header, stream && stream->alive() ? stream : nullptr);
}

void Session::openStream(uint32_t id) {
  if (streams_.size() >= maxStreams) return sendHeader(Type::windowUpdate, flagRst, id, 0);
  auto stream = std::make_shared<Stream>(this, id);
  stream->sendWindow_ = initialWindow;
  stream->receiveWindow_ = receiveWindow;
  streams_.emplace(id, stream);
  sendHeader(Type::windowUpdate, flagAck, id, receiveWindow - initialWindow);
  auto handler = accept_(stream);
  if (stream->alive() && !stream->handler_) stream->handler_ = std::move(handler);
}

/** The body follows the header at once. A body for a stream that is gone is read and dropped, as hashicorp's does. */
void Session::startBody(const Header& header, const StreamPointer& stream) {
  if (stream && stream->peerClosed_) return violate("data after the end of a stream");
  if (stream && header.length > stream->receiveWindow_) return violate("receive window exceeded");
  if (stream) stream->receiveWindow_ -= header.length;
  bodyLeft_ = header.length;
  bodyStream_ = stream;
  bodyEnds_ = (header.flags & flagFin) != 0;
  if (bodyLeft_ == 0) deliver({});
}

void Session::deliver(std::string_view bytes) {
  const StreamPointer stream = bodyLeft_ == 0 ? std::exchange(bodyStream_, nullptr) : bodyStream_;
  if (!stream || !stream->alive()) return;
  if (!bytes.empty()) {
    if (!stream->held_) returnWindow(*stream, static_cast<uint32_t>(bytes.size()));
    if (const auto handler = stream->handler_) handler->onData(bytes);
  }
  if (bodyLeft_ == 0 && bodyEnds_ && stream->alive()) peerFinished(stream);
}

void Session::returnWindow(Stream& stream, uint32_t bytes) {
  stream.consumed_ += bytes;
  // A quarter: rarely enough to cost nothing, often enough that a fast sender never waits.
  if (stream.consumed_ < receiveWindow / 4) return;
  stream.receiveWindow_ += stream.consumed_;
  sendHeader(Type::windowUpdate, 0, stream.id_, stream.consumed_);
  stream.consumed_ = 0;
}

void Stream::consumed(size_t bytes) {
  // No more than what was received within the window, which is 32 bits.
  if (alive()) session_->returnWindow(*this, static_cast<uint32_t>(bytes));
}

void Session::widen(Stream& stream, uint32_t delta) {
  if (delta > std::numeric_limits<uint32_t>::max() - stream.sendWindow_) return violate("send window overflow");
  stream.sendWindow_ += delta;
  makeReady(stream);
  pump();
}

void Session::peerFinished(const StreamPointer& stream) {
  if (stream->peerClosed_) return;
  stream->peerClosed_ = true;
  if (const auto handler = stream->handler_) handler->onEnd();
  if (stream->alive()) finishIfDone(stream);
}

void Session::forget(const StreamPointer& stream, bool tellHandler) {
  if (!stream->alive()) return;
  stream->session_ = nullptr;
  stream->queue_.clear();
  stream->queued_ = 0;
  const auto handler = std::exchange(stream->handler_, nullptr);
  streams_.erase(stream->id_);
  if (tellHandler && handler) handler->onReset();
}

void Session::sendHeader(Type type, uint16_t flags, uint32_t id, uint32_t length) {
  if (!ended_) wire_.send(encode({type, flags, id, length}));
}

void Session::violate(const std::string& reason) {
  if (ended_) return;
  violation_ = reason;
  sendHeader(Type::goAway, 0, 0, goAwayProtocolError);
  end();
}

void Session::end() {
  if (ended_) return;
  ended_ = true;
  ready_.clear();
  bodyStream_ = nullptr;
  while (!streams_.empty()) {
    const StreamPointer stream = streams_.begin()->second;
    forget(stream, true);
  }
}

}  // namespace tswsl::yamux
