#include "test_host.h"

#include "base/clock.h"
#include "harness.h"
#include "wire/big_endian.h"

using namespace tswsl;

namespace {

constexpr int64_t limitMillis = 30'000;

}  // namespace

TestHost::TestHost(bool connected) : agent_(loop_), events_(agent_.linkEvents()) {
  if (connected) connect();
}

TestHost::~TestHost() {
  if (connected_) disconnect();
  loop_.turn(0);
}

void TestHost::connect() {
  connected_ = true;
  events_.opened(*this);
}

void TestHost::disconnect() {
  connected_ = false;
  events_.closed();
  inbox_.clear();
  control_ = 0;
  messages_.clear();
}

void TestHost::header(yamux::Type type, uint16_t flags, uint32_t id, uint32_t length, std::string_view body) {
  std::string bytes = yamux::encode({type, flags, id, length});
  bytes += body;
  if (connected_) events_.received(bytes);
}

uint32_t TestHost::openStream() {
  const uint32_t id = nextStream_;
  nextStream_ += 2;
  streams_[id];
  window_[id] = 256 * 1024;
  header(yamux::Type::windowUpdate, yamux::flagSyn, id, 0);
  return id;
}

void TestHost::writeTo(uint32_t id, std::string_view bytes) {
  while (!bytes.empty()) {
    until([&] { return window_[id] > 0; }, "window");
    const std::string_view part = bytes.substr(0, std::min<size_t>(window_[id], 60'000));
    window_[id] -= static_cast<uint32_t>(part.size());
    header(yamux::Type::data, 0, id, static_cast<uint32_t>(part.size()), part);
    bytes.remove_prefix(part.size());
  }
}

void TestHost::endStream(uint32_t id) { header(yamux::Type::windowUpdate, yamux::flagFin, id, 0); }
void TestHost::resetStream(uint32_t id) { header(yamux::Type::windowUpdate, yamux::flagRst, id, 0); }
void TestHost::sendRaw(std::string_view bytes) { events_.received(bytes); }

uint32_t TestHost::openFrames(const Json& json) {
  const uint32_t id = openStream();
  sendFrame(id, frames::Type::header, dumpJson(json));
  return id;
}

void TestHost::sendFrame(uint32_t id, frames::Type type, std::string_view payload) {
  writeTo(id, frames::encode(type, payload));
}

const frames::Frame* TestHost::last(uint32_t id, frames::Type type) const {
  const auto it = streams_.find(id);
  for (auto frame = it->second.frames.rbegin(); frame != it->second.frames.rend(); ++frame) {
    if (frame->type == type) return &*frame;
  }
  return nullptr;
}

int TestHost::waitExit(uint32_t id) {
  until([&] { return last(id, frames::Type::exit) != nullptr || last(id, frames::Type::error) != nullptr; }, "exit");
  const auto* error = last(id, frames::Type::error);
  if (error != nullptr) throw test::Failed("error frame: " + error->payload);
  const std::string& payload = last(id, frames::Type::exit)->payload;
  return (payload[0] == 0 ? 0 : 1000) + static_cast<uint8_t>(payload[1]);
}

Json TestHost::waitError(uint32_t id) {
  until([&] { return last(id, frames::Type::error) != nullptr; }, "error frame");
  until([&] { return streams_[id].ended || streams_[id].reset; }, "end of a failed stream");
  return *parseJson(last(id, frames::Type::error)->payload);
}

Json TestHost::response(const std::string& method, const Json& params) {
  if (control_ == 0) control_ = openFrames({{"kind", "control"}});
  const int id = nextCall_++;
  const Json request = {{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}};
  writeTo(control_, rpc::encodeMessage(dumpJson(request)));
  const auto find = [&] {
    return std::find_if(messages_.begin(), messages_.end(),
                        [&](const Json& m) { return m.contains("id") && m["id"] == id; });
  };
  until([&] { return find() != messages_.end(); }, method.c_str());
  const Json found = *find();
  messages_.erase(find());
  return found;
}

Json TestHost::call(const std::string& method, const Json& params) {
  const Json answer = response(method, params);
  if (answer.contains("error")) throw test::Failed(method + " failed: " + dumpJson(answer["error"]));
  return answer["result"];
}

Json TestHost::callFailing(const std::string& method, const Json& params) {
  const Json answer = response(method, params);
  if (!answer.contains("error")) throw test::Failed(method + " should have failed: " + dumpJson(answer));
  return answer["error"];
}

Json TestHost::waitNotification(const std::string& method) {
  const auto find = [&] {
    return std::find_if(messages_.begin(), messages_.end(),
                        [&](const Json& m) { return m.value("method", "") == method; });
  };
  until([&] { return find() != messages_.end(); }, method.c_str());
  const Json params = (*find())["params"];
  messages_.erase(find());
  return params;
}

void TestHost::until(const std::function<bool()>& ready, const char* what) {
  const int64_t end = monotonicMillis() + limitMillis;
  while (!ready()) {
    if (monotonicMillis() > end) throw test::Failed(std::string("waited too long for ") + what);
    turn();
  }
}

void TestHost::turn() {
  takeInbox();
  loop_.turn(inbox_.empty() ? 20 : 0);
  takeInbox();
}

void TestHost::takeInbox() {
  while (inbox_.size() >= yamux::headerBytes) {
    const auto head = yamux::decode(std::string_view(inbox_).substr(0, yamux::headerBytes));
    const size_t body = head.type == yamux::Type::data ? head.length : 0;
    if (inbox_.size() < yamux::headerBytes + body) break;
    const std::string bytes = inbox_.substr(yamux::headerBytes, body);
    inbox_.erase(0, yamux::headerBytes + body);
    onFrame(head, bytes);
  }
  if (connected_) events_.drained();
}

void TestHost::onFrame(const yamux::Header& head, std::string_view body) {
  if (head.type == yamux::Type::goAway) goAway = head.length;
  if (head.type == yamux::Type::ping) pong = head.length;
  if (head.streamId == 0) return;
  Received& received = streams_[head.streamId];
  if (head.type == yamux::Type::windowUpdate) window_[head.streamId] += head.length;
  if ((head.flags & yamux::flagAck) != 0) received.acknowledged = true;
  if (!body.empty()) onData(head.streamId, body);
  if ((head.flags & yamux::flagFin) != 0) received.ended = true;
  if ((head.flags & yamux::flagRst) != 0) received.reset = true;
}

void TestHost::onData(uint32_t id, std::string_view body) {
  header(yamux::Type::windowUpdate, 0, id, static_cast<uint32_t>(body.size()));
  if (id == control_) return onControl(body);
  Received& received = streams_[id];
  received.bytes += body;
  if (received.raw) return;
  while (const auto frame = received.decoder.next(body)) {
    received.frames.push_back(*frame);
    const bool output = frame->type == frames::Type::standardOutput;
    const bool error = frame->type == frames::Type::standardError;
    if (output) received.output += frame->payload;
    if (error) received.error += frame->payload;
    if (frame->type == frames::Type::window)
      received.inputCredit += static_cast<int>(frames::decodeWindow(frame->payload).bytes);
    const bool grants = error || (output && received.grantsOutput);
    if (!grants || frame->payload.empty()) continue;
    const std::string window = frames::encodeWindow(frame->type, static_cast<uint32_t>(frame->payload.size()));
    header(yamux::Type::data, 0, id, static_cast<uint32_t>(window.size()), window);
  }
}

void TestHost::onControl(std::string_view body) {
  while (const auto message = decoder_.next(body)) messages_.push_back(*parseJson(*message));
}
