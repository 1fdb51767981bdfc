#pragma once

#include <functional>
#include <memory>

#include "base/json.h"
#include "wire/frames.h"
#include "wire/yamux_stream.h"

namespace tswsl {

/** Reads a new stream's header, and gives the stream and the bytes after it to the one it is for. */
class StreamOpener : public yamux::StreamHandler {
 public:
  using StreamPointer = std::shared_ptr<yamux::Stream>;
  /** Makes the handler; throws Failure when the header is not acceptable. */
  using Open = std::function<std::shared_ptr<yamux::StreamHandler>(const StreamPointer&, const Json& header)>;

  StreamOpener(StreamPointer stream, Open open) : stream_(std::move(stream)), open_(std::move(open)) {}

  void onData(std::string_view bytes) override;
  void onEnd() override;
  void onReset() override { stream_ = nullptr; }

 private:
  void refuse(const Failure& failure);

  StreamPointer stream_;
  Open open_;
  frames::Decoder decoder_;
};

}  // namespace tswsl
