#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "rpc/framing.h"
#include "rpc/params.h"
#include "rpc/reply.h"
#include "wire/yamux_stream.h"

namespace tswsl::rpc {

/** Runs a request: answers at once or keeps the reply for later. May throw Failure instead. */
using Handler = std::function<void(const Params&, const Reply&)>;
using Methods = std::map<std::string, Handler, std::less<>>;

/** Requests without an answer; above it new ones are refused, since each holds memory. */
inline constexpr size_t maxPending = 64;

/**
 * JSON-RPC 2.0 on the control stream. A message that is not a request is answered with the standard's error and the
 * stream goes on; broken framing is answered and ends it. Batches are not spoken.
 */
class Server : public yamux::StreamHandler, public std::enable_shared_from_this<Server> {
 public:
  Server(std::shared_ptr<yamux::Stream> stream, const Methods& methods, std::function<void()> closed)
      : stream_(std::move(stream)), methods_(methods), closed_(std::move(closed)) {}

  void notify(const std::string& method, const Json& params);

  void onData(std::string_view bytes) override;
  void onEnd() override;
  void onReset() override;

 private:
  void onMessage(const std::string& text);
  void onRequest(const Json& message, const Json& id);
  Reply replyTo(const Json& id);
  void send(const Json& message);
  void sendError(const Json& id, int number, const Failure& failure);
  void sendAnswer(const Json& id, const Answer& answer);
  void close();

  std::shared_ptr<yamux::Stream> stream_;
  const Methods& methods_;
  std::function<void()> closed_;
  MessageDecoder decoder_;
  size_t pending_ = 0;
};

}  // namespace tswsl::rpc
