#include "agent/stream_opener.h"

#include <utility>

namespace tswsl {
namespace {

Json parseHeader(const frames::Frame& frame) {
  if (frame.type != frames::Type::header) throw Failure(Code::protocol, "a stream begins with its header");
  const auto header = parseJson(frame.payload);
  if (!header || !header->is_object()) throw Failure(Code::protocol, "the header is not a JSON object");
  return *header;
}

}  // namespace

void StreamOpener::onData(std::string_view bytes) {
  // Refused: what still comes is dropped.
  if (!stream_) return;
  try {
    const auto frame = decoder_.next(bytes);
    if (!frame) return;
    const Json header = parseHeader(*frame);
    const auto handler = open_(stream_, header);
    const auto stream = std::exchange(stream_, nullptr);
    if (!stream->alive()) return handler->onReset();
    stream->setHandler(handler);
    if (!bytes.empty()) handler->onData(bytes);
  } catch (const Failure& failure) {
    refuse(failure);
  }
}

void StreamOpener::refuse(const Failure& failure) {
  const auto stream = std::exchange(stream_, nullptr);
  if (!stream) return;
  stream->write(frames::encode(frames::Type::error, dumpJson(toWire(failure))));
  stream->close();
}

void StreamOpener::onEnd() {
  if (const auto stream = std::exchange(stream_, nullptr)) stream->close();
}

}  // namespace tswsl
