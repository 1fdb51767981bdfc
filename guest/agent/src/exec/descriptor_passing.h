#pragma once

#include <optional>
#include <string>

#include "base/fd.h"

namespace tswsl {

/** One message of a SOCK_SEQPACKET socket, with the descriptor that came along. */
struct Message {
  std::string text;
  Fd fd;
};

/** Sends a message of at most 4 KiB, `fd` with it unless negative (SCM_RIGHTS, unix(7)). Throws Failure. */
void sendMessage(int socket, const std::string& text, int fd = -1);

/** Nothing when there is no message now; an empty text at the end. */
std::optional<Message> receiveMessage(int socket);

}  // namespace tswsl
