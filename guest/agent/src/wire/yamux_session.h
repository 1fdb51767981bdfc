#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "wire/yamux_header.h"
#include "wire/yamux_stream.h"

namespace tswsl::yamux {

/** The window both ends begin with, by the specification. */
inline constexpr uint32_t initialWindow = 256 * 1024;
/** What we enlarge a stream's receive window to when we accept it. */
inline constexpr uint32_t receiveWindow = 4 * 1024 * 1024;
inline constexpr size_t maxStreams = 1024;
/** A stream with more than this queued has a peer that asks but does not read: it is reset. */
inline constexpr size_t maxQueued = 16 * 1024 * 1024;

/** Where a session meets the link. */
struct Wire {
  /** Takes bytes in order; they are kept until the link can carry them. */
  std::function<void(std::string)> send;
  /** How many bytes `send` has taken that the link has not. */
  std::function<size_t()> backlog;
};

/**
 * The server's side of yamux (github.com/hashicorp/yamux, spec.md) without I/O: bytes in, bytes out. The peer opens
 * all streams, with odd ids. A violation ends the session with GoAway(protocol error); nothing is allocated on the
 * peer's word but a stream's own record, and there are at most maxStreams of those.
 */
class Session {
 public:
  using Accept = std::function<std::shared_ptr<StreamHandler>(const std::shared_ptr<Stream>&)>;

  Session(Wire wire, Accept accept);
  ~Session() { end(); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /** Received bytes, in pieces of any size. Ignored once the session has ended. */
  void feed(std::string_view bytes);
  /** Moves what streams have queued to the link, as far as windows and backlog allow. Call it when the link drains. */
  void pump();
  /** Resets every stream. Idempotent. */
  void end();

  bool ended() const { return ended_; }
  /** Why it ended, when the peer broke the rules. */
  const std::string& violation() const { return violation_; }
  size_t streamCount() const { return streams_.size(); }

 private:
  friend class Stream;
  using StreamPointer = std::shared_ptr<Stream>;

  void dispatch(const Header& header);
  void onStreamFrame(const Header& header);
  void onPing(const Header& header);
  void openStream(uint32_t id);
  void startBody(const Header& header, const StreamPointer& stream);
  void deliver(std::string_view bytes);
  void returnWindow(Stream& stream, uint32_t bytes);
  void widen(Stream& stream, uint32_t delta);
  void peerFinished(const StreamPointer& stream);
  void forget(const StreamPointer& stream, bool tellHandler);
  void sendHeader(Type type, uint16_t flags, uint32_t id, uint32_t length);
  void violate(const std::string& reason);

  void makeReady(Stream& stream);
  void sendSome(const StreamPointer& stream);
  void finishIfDone(const StreamPointer& stream);

  Wire wire_;
  Accept accept_;
  std::unordered_map<uint32_t, StreamPointer> streams_;
  std::deque<StreamPointer> ready_;
  std::string partialHeader_;
  uint32_t bodyLeft_ = 0;
  StreamPointer bodyStream_;
  bool bodyEnds_ = false;
  bool pumping_ = false;
  bool ended_ = false;
  std::string violation_;
};

}  // namespace tswsl::yamux
