#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace tswsl {

/** One host connection after another, as seen by the agent. Implementations: VirtioLink, VsockLink, SocketLink. */
class Connection {
 public:
  virtual ~Connection() = default;
  /** Takes bytes in order and keeps them until the link can carry them. */
  virtual void send(std::string bytes) = 0;
  /** Bytes that `send` has taken and the link has not. */
  virtual size_t backlog() const = 0;
  /** The session is over for us: nothing more is read or sent, and the host is told by whatever means the link has. */
  virtual void abandon() = 0;
};

/** What a link reports. The connection is valid from `opened` until `closed` has returned. */
struct LinkEvents {
  std::function<void(Connection&)> opened;
  std::function<void(std::string_view)> received;
  /** The backlog has become smaller. */
  std::function<void()> drained;
  std::function<void()> closed;
};

/** Keeps accepting the host until destroyed. */
class Link {
 public:
  virtual ~Link() = default;
};

}  // namespace tswsl
