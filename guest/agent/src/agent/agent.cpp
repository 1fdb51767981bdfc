#include "agent/agent.h"

#include "agent/command_stream.h"
#include "agent/files_opener.h"
#include "agent/stream_opener.h"
#include "base/log.h"

namespace tswsl {

Agent::Agent(Loop& loop) : services_(loop), methods_(allMethods(services_)) {
  services_.leaveHost = [this] { leaving_ = true; };
  services_.distros.setExited([this](const std::string& distro, ExitStatus status) {
    if (control_) control_->notify("distro.exited", {{"distro", distro}, {"status", status.shellStatus()}});
  });
}

LinkEvents Agent::linkEvents() {
  return {[this](Connection& connection) { opened(connection); }, [this](std::string_view bytes) { received(bytes); },
          [this] { sent(); }, [this] { closed(); }};
}

void Agent::opened(Connection& connection) {
  connection_ = &connection;
  const yamux::Wire wire{[this](std::string bytes) { connection_->send(std::move(bytes)); },
                         [this] { return connection_->backlog(); }};
  session_ = std::make_unique<yamux::Session>(wire, [this](const StreamPointer& stream) {
    return std::make_shared<StreamOpener>(
        stream, [this](const StreamPointer& opened, const Json& header) { return open(opened, header); });
  });
}

void Agent::sent() {
  if (session_) session_->pump();
  if (!leaving_ || !drained()) return;
  leaving_ = false;
  // Not from here: the session may be on the stack.
  services_.loop.post([this] {
    if (connection_ == nullptr) return;
    control_ = nullptr;
    session_.reset();
    opened(*connection_);
  });
}

void Agent::received(std::string_view bytes) {
  if (!session_) return;
  session_->feed(bytes);
  if (!session_->ended()) return;
  log("session ended: " + (session_->violation().empty() ? "the host gave it up" : session_->violation()));
  session_.reset();
  connection_->abandon();
}

void Agent::closed() {
  session_.reset();
  connection_ = nullptr;
}

std::shared_ptr<yamux::StreamHandler> Agent::open(const StreamPointer& stream, const Json& header) {
  const auto kind = header.find("kind");
  if (kind != header.end() && *kind == "control") return openControl(stream);
  if (kind != header.end() && *kind == "exec") return startCommand(services_, stream, header);
  if (kind != header.end() && *kind == "import") return startImport(services_, stream, header);
  if (kind != header.end() && *kind == "files") return serveFiles(services_, stream, header);
  throw Failure(Code::invalidArgument, "a stream must be of kind control, exec, import or files");
}

std::shared_ptr<yamux::StreamHandler> Agent::openControl(const StreamPointer& stream) {
  if (control_) throw Failure(Code::invalidState, "the session has its control stream already");
  control_ = std::make_shared<rpc::Server>(stream, methods_, [this] { control_ = nullptr; });
  return control_;
}

}  // namespace tswsl
