#include "exec/descriptor_passing.h"

#include <sys/socket.h>

#include <array>
#include <cstring>

#include "base/failure.h"

namespace tswsl {
namespace {

constexpr size_t maxMessage = 4096;

}  // namespace

void sendMessage(int socket, const std::string& text, int fd) {
  iovec part{const_cast<char*>(text.data()), std::min(text.size(), maxMessage)};  // sendmsg does not write to it.
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof fd)> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (fd >= 0) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
  }
  checked(::sendmsg(socket, &message, MSG_NOSIGNAL), "cannot report to the agent");
}

std::optional<Message> receiveMessage(int socket) {
  std::array<char, maxMessage> buffer;
  iovec part{buffer.data(), buffer.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t count = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
  Message received;
  if (count > 0) received.text.assign(buffer.data(), static_cast<size_t>(count));
  const cmsghdr* header = count > 0 ? CMSG_FIRSTHDR(&message) : nullptr;
  if (header != nullptr && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
    int fd = -1;
    std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
    received.fd = Fd(fd);
  }
  return received;
}

}  // namespace tswsl
