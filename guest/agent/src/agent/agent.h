#pragma once

#include <memory>

#include "agent/methods.h"
#include "agent/services.h"
#include "link/link.h"
#include "wire/yamux_session.h"

namespace tswsl {

/**
 * Serves the host: one session per connection, on each session one control stream and any number of others. When the
 * host goes, its streams end and their commands are hung up; distros go on, and the next session finds them.
 */
class Agent {
 public:
  explicit Agent(Loop& loop);

  /** What a link is to call. The agent must outlive the link. */
  LinkEvents linkEvents();
  Services& services() { return services_; }
  /** Everything sent has left. */
  bool drained() const { return connection_ == nullptr || connection_->backlog() == 0; }

 private:
  using StreamPointer = std::shared_ptr<yamux::Stream>;

  void opened(Connection& connection);
  void received(std::string_view bytes);
  void closed();
  void sent();
  std::shared_ptr<yamux::StreamHandler> open(const StreamPointer& stream, const Json& header);
  std::shared_ptr<yamux::StreamHandler> openControl(const StreamPointer& stream);

  Services services_;
  rpc::Methods methods_;
  Connection* connection_ = nullptr;
  std::unique_ptr<yamux::Session> session_;
  std::shared_ptr<rpc::Server> control_;
  /** The session ends with what has been sent: see vm.prepareSave. */
  bool leaving_ = false;
};

}  // namespace tswsl
