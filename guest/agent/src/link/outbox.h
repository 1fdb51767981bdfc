#pragma once

#include <deque>
#include <string>

namespace tswsl {

/** Bytes on their way to a non-blocking descriptor. */
class Outbox {
 public:
  void push(std::string bytes);
  size_t size() const { return size_; }
  void clear();
  /** Writes what the descriptor takes. False when it is broken. */
  bool flush(int fd);

 private:
  std::deque<std::string> queue_;
  size_t offset_ = 0;
  size_t size_ = 0;
};

}  // namespace tswsl
