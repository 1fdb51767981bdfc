#include "rpc/server.h"

#include <utility>

namespace tswsl::rpc {
namespace {

// JSON-RPC 2.0 §5.1; -32000 is the first of the numbers left to servers.
constexpr int parseError = -32700;
constexpr int invalidRequest = -32600;
constexpr int methodNotFound = -32601;
constexpr int invalidParams = -32602;
constexpr int serverError = -32000;

bool isId(const Json& id) { return id.is_string() || id.is_number() || id.is_null(); }

}  // namespace

void Server::notify(const std::string& method, const Json& params) {
  send({{"jsonrpc", "2.0"}, {"method", method}, {"params", params}});
}

void Server::onData(std::string_view bytes) {
  try {
    while (stream_) {
      const auto message = decoder_.next(bytes);
      if (!message) return;
      onMessage(*message);
    }
  } catch (const Failure& failure) {
    sendError(nullptr, parseError, failure);
    close();
  }
}

void Server::onMessage(const std::string& text) {
  const auto message = parseJson(text);
  if (!message) return sendError(nullptr, parseError, Failure(Code::protocol, "the message is not JSON"));
  const bool wellFormed = message->is_object() && message->contains("method") && (*message)["method"].is_string() &&
                          message->contains("jsonrpc") && (*message)["jsonrpc"] == "2.0";
  const Json id = message->is_object() ? message->value("id", Json()) : Json();
  if (!wellFormed || !isId(id)) {
    return sendError(isId(id) ? id : Json(), invalidRequest, Failure(Code::protocol, "not a JSON-RPC 2.0 request"));
  }
  // The contract has no notifications from the host; those of its RPC library ($/cancelRequest) may be ignored.
  if (!message->contains("id")) return;
  onRequest(*message, id);
}

void Server::onRequest(const Json& message, const Json& id) {
  const auto name = message["method"].get<std::string>();
  const auto method = methods_.find(name);
  if (method == methods_.end()) {
    return sendError(id, methodNotFound, Failure(Code::unsupported, "the agent has no method " + name.substr(0, 100)));
  }
  if (pending_ >= maxPending)
    return sendError(id, serverError, Failure(Code::unavailable, "too many requests at once"));
  const Json params = message.value("params", Json::object());
  const Reply reply = replyTo(id);
  try {
    method->second(Params(params), reply);
  } catch (const InvalidParams& failure) {
    reply.reject(failure);
  } catch (const Failure& failure) {
    reply.fail(failure);
  } catch (const std::exception& error) {
    reply.fail(Failure(Code::internal, error.what()));
  }
}

Reply Server::replyTo(const Json& id) {
  ++pending_;
  return Reply([weak = weak_from_this(), id](const Answer& answer) {
    const auto self = weak.lock();
    if (!self) return;
    --self->pending_;
    self->sendAnswer(id, answer);
  });
}

void Server::sendAnswer(const Json& id, const Answer& answer) {
  if (answer.failure) return sendError(id, answer.badParams ? invalidParams : serverError, *answer.failure);
  send({{"jsonrpc", "2.0"}, {"id", id}, {"result", answer.result}});
}

void Server::sendError(const Json& id, int number, const Failure& failure) {
  const Json error = {{"code", number}, {"message", failure.what()}, {"data", toWire(failure)}};
  send({{"jsonrpc", "2.0"}, {"id", id}, {"error", error}});
}

void Server::send(const Json& message) {
  if (stream_) stream_->write(encodeMessage(dumpJson(message)));
}

void Server::onEnd() { close(); }

void Server::close() {
  const auto stream = std::exchange(stream_, nullptr);
  if (!stream) return;
  stream->close();
  closed_();
}

void Server::onReset() {
  if (std::exchange(stream_, nullptr)) closed_();
}

}  // namespace tswsl::rpc
