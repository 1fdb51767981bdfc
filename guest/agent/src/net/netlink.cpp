#include "net/netlink.h"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <cstring>

#include "base/failure.h"

namespace tswsl {
namespace {

void pad(std::string& buffer) { buffer.resize(NLMSG_ALIGN(buffer.size())); }

std::string attributeHeader(uint16_t type, size_t valueBytes) {
  // Values are names, numbers and addresses: far below the 64 kB of the length field.
  const nlattr header{static_cast<uint16_t>(sizeof(nlattr) + valueBytes), type};
  return {reinterpret_cast<const char*>(&header), sizeof header};  // A kernel structure is plain bytes.
}

}  // namespace

NetlinkMessage::NetlinkMessage(uint16_t type, uint16_t flags) {
  nlmsghdr header{};
  header.nlmsg_type = type;
  header.nlmsg_flags = static_cast<uint16_t>(flags | NLM_F_REQUEST | NLM_F_ACK);
  header.nlmsg_seq = 1;
  body(header);
}

NetlinkMessage& NetlinkMessage::append(std::string_view bytes) {
  buffer_.append(bytes);
  pad(buffer_);
  return *this;
}

NetlinkMessage& NetlinkMessage::attribute(uint16_t type, std::string_view value) {
  buffer_ += attributeHeader(type, value.size());
  return append(value);
}

NetlinkMessage& NetlinkMessage::number(uint16_t type, uint32_t value) {
  return attribute(type, {reinterpret_cast<const char*>(&value), sizeof value});  // Host order, as the kernel wants it.
}

NetlinkMessage& NetlinkMessage::text(uint16_t type, const std::string& value) {
  return attribute(type, {value.c_str(), value.size() + 1});
}

NetlinkMessage& NetlinkMessage::nest(uint16_t type, const std::function<void(NetlinkMessage&)>& inner) {
  const size_t start = buffer_.size();
  buffer_ += attributeHeader(static_cast<uint16_t>(type | NLA_F_NESTED), 0);
  inner(*this);
  const auto length = static_cast<uint16_t>(buffer_.size() - start);
  std::memcpy(buffer_.data() + start, &length, sizeof length);
  return *this;
}

std::string NetlinkMessage::bytes() const {
  std::string bytes = buffer_;
  const auto length = static_cast<uint32_t>(bytes.size());
  std::memcpy(bytes.data(), &length, sizeof length);
  return bytes;
}

Netlink::Netlink()
    : socket_(checked(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "cannot open netlink")) {}

int Netlink::request(const NetlinkMessage& message) const {
  const std::string bytes = message.bytes();
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  // The sockets API takes every address family as a sockaddr.
  const auto* address = reinterpret_cast<const sockaddr*>(&kernel);
  checked(::sendto(socket_.get(), bytes.data(), bytes.size(), 0, address, sizeof kernel), "cannot send to netlink");
  alignas(nlmsghdr) char answer[8192];
  const ssize_t count = checked(::recv(socket_.get(), answer, sizeof answer, 0), "cannot receive from netlink");
  nlmsghdr header{};
  nlmsgerr error{};
  if (count < static_cast<ssize_t>(sizeof header + sizeof error.error)) return EPROTO;
  std::memcpy(&header, answer, sizeof header);
  std::memcpy(&error.error, answer + sizeof header, sizeof error.error);
  return header.nlmsg_type == NLMSG_ERROR ? -error.error : EPROTO;
}

void Netlink::must(const NetlinkMessage& message, const std::string& deed, int tolerated) const {
  const int error = request(message);
  if (error != 0 && error != tolerated) failErrno(deed, error);
}

}  // namespace tswsl
