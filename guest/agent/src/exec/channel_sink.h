#pragma once

#include <string>
#include <string_view>

#include "wire/frames.h"

namespace tswsl {

/** Where the channels of one command put their frames. */
class ChannelSink {
 public:
  virtual ~ChannelSink() = default;
  virtual void sendFrame(std::string frame) = 0;
  /** False while the stream has enough queued; `resume` of the channels follows. */
  virtual bool roomy() const = 0;
  virtual void outputEnded() = 0;
};

}  // namespace tswsl
