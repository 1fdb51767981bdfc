#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/fd.h"

namespace tswsl {

/** A route-netlink request (rtnetlink(7)) as a growing buffer: header, body, attributes, nested attributes. */
class NetlinkMessage {
 public:
  NetlinkMessage(uint16_t type, uint16_t flags);

  template <typename Body>
  NetlinkMessage& body(const Body& value) {
    return append({reinterpret_cast<const char*>(&value), sizeof value});  // Kernel structures are plain bytes.
  }
  NetlinkMessage& attribute(uint16_t type, std::string_view value);
  NetlinkMessage& number(uint16_t type, uint32_t value);
  /** A C string, with its terminator. */
  NetlinkMessage& text(uint16_t type, const std::string& value);
  /** Everything `inner` adds becomes the attribute's value. */
  NetlinkMessage& nest(uint16_t type, const std::function<void(NetlinkMessage&)>& inner);
  /** Raw bytes, padded to netlink's alignment. */
  NetlinkMessage& append(std::string_view bytes);

  /** The finished bytes, the length filled in. */
  std::string bytes() const;

 private:
  std::string buffer_;
};

/** One socket to the routing side of the present network namespace. Blocks: for helper processes. */
class Netlink {
 public:
  Netlink();
  /** Sends and waits for the acknowledgement. The errno of the refusal, or 0. Throws when the socket fails. */
  int request(const NetlinkMessage& message) const;
  /** request; throws Failure unless it was accepted or refused with `tolerated`. */
  void must(const NetlinkMessage& message, const std::string& deed, int tolerated = 0) const;

 private:
  Fd socket_;
};

}  // namespace tswsl
