#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

namespace tswsl::yamux {

class Session;

/** What a stream's owner wants to know. The session holds it for as long as the stream lives. */
class StreamHandler {
 public:
  virtual ~StreamHandler() = default;
  /**
   * Received bytes. They count as consumed, unless the window is held: the handler bounds what it keeps by the credit of
   * its own protocol.
   */
  virtual void onData(std::string_view bytes) = 0;
  /** The peer will send no more. */
  virtual void onEnd() = 0;
  /** The stream is gone, by the peer's reset or with the session. The last call. */
  virtual void onReset() = 0;
  /** Queued bytes have fallen under Stream::lowMark after having been over it. */
  virtual void onDrain() {}
};

/** One stream of a session. Every method may be called at any time; on a dead stream it does nothing. */
class Stream : public std::enable_shared_from_this<Stream> {
 public:
  /** Producers stop writing above this, and go on at onDrain. */
  static constexpr size_t lowMark = 256 * 1024;

  Stream(Session* session, uint32_t id) : session_(session), id_(id) {}

  /** Queues bytes; they leave as the peer's window and the link allow. */
  void write(std::string bytes);
  /** Ends our direction once the queue is empty. */
  void close();
  /** Tears down both directions at once and forgets the queue. onReset is not called. */
  void reset();
  /** Bytes written that have not left. */
  size_t queued() const { return queued_; }
  bool alive() const { return session_ != nullptr; }
  /** From now on the peer's window grows by `consumed` alone: for a handler whose protocol has no credit of its own. */
  void holdWindow() { held_ = true; }
  /** So many received bytes are no longer kept. */
  void consumed(size_t bytes);
  /** Hands the stream on to another owner, as when the header has told what it is for. */
  void setHandler(std::shared_ptr<StreamHandler> handler) { handler_ = std::move(handler); }

 private:
  friend class Session;

  Session* session_;
  uint32_t id_;
  std::shared_ptr<StreamHandler> handler_;
  std::deque<std::string> queue_;
  size_t queued_ = 0;
  size_t frontOffset_ = 0;
  uint32_t sendWindow_ = 0;
  uint32_t receiveWindow_ = 0;
  uint32_t consumed_ = 0;
  bool held_ = false;
  bool ready_ = false;
  bool closing_ = false;
  bool finSent_ = false;
  bool peerClosed_ = false;
  bool wasFull_ = false;
};

}  // namespace tswsl::yamux
