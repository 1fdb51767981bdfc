#include "link/outbox.h"

#include <unistd.h>

#include <cerrno>

namespace tswsl {

void Outbox::push(std::string bytes) {
  size_ += bytes.size();
  queue_.push_back(std::move(bytes));
}

void Outbox::clear() {
  queue_.clear();
  offset_ = 0;
  size_ = 0;
}

bool Outbox::flush(int fd) {
  while (!queue_.empty()) {
    const std::string& front = queue_.front();
    const ssize_t count = ::write(fd, front.data() + offset_, front.size() - offset_);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno == EAGAIN;
    if (count == 0) return true;
    // write(2) never returns more than it was given.
    offset_ += static_cast<size_t>(count);
    size_ -= static_cast<size_t>(count);
    if (offset_ < front.size()) continue;
    queue_.pop_front();
    offset_ = 0;
  }
  return true;
}

}  // namespace tswsl
