#include "harness.h"
#include "test_host.h"
#include "wire/yamux_session.h"

using namespace tswsl;
using yamux::Type;

namespace {

std::string frame(Type type, uint16_t flags, uint32_t id, uint32_t length) {
  return yamux::encode({type, flags, id, length});
}

/** A session by itself, with a handler that counts and does nothing. */
struct Alone {
  struct Counting : yamux::StreamHandler {
    void onData(std::string_view) override {}
    void onEnd() override {}
    void onReset() override { ++resets; }
    int resets = 0;
  };

  std::string sent;
  bool congested = false;
  std::shared_ptr<yamux::Stream> opened;
  std::shared_ptr<Counting> handler = std::make_shared<Counting>();
  yamux::Session session{
      {[this](std::string bytes) { sent += bytes; }, [this] { return congested ? ~size_t{0} : size_t{0}; }},
      [this](const std::shared_ptr<yamux::Stream>& stream) {
        opened = stream;
        return handler;
      }};
};

/** Each raw input ends a fresh session with GoAway(protocol error). */
void checkViolation(const std::string& bytes) {
  TestHost host;
  host.sendRaw(bytes);
  CHECK(host.abandoned());
  host.until([&] { return host.goAway == yamux::goAwayProtocolError; }, "GoAway");
}

}  // namespace

TEST("session: a stream is acknowledged with the enlarged window") {
  TestHost host;
  const uint32_t id = host.openStream();
  host.until([&] { return host.stream(id).acknowledged; }, "ACK");
}

TEST("session: pings are answered with their value") {
  TestHost host;
  host.sendRaw(frame(Type::ping, yamux::flagSyn, 0, 4711));
  host.until([&] { return host.pong == 4711; }, "pong");
}

TEST("session: violations end it with GoAway") {
  checkViolation(frame(Type::data, yamux::flagSyn, 2, 0));
  checkViolation(frame(Type::data, 0, 0, 0));
  checkViolation(frame(Type::ping, yamux::flagSyn, 1, 0));
  checkViolation(frame(Type::windowUpdate, yamux::flagSyn, 1, 0) + frame(Type::windowUpdate, yamux::flagSyn, 1, 0));
  checkViolation(frame(Type::windowUpdate, yamux::flagSyn, 1, 0xffffffff));
  checkViolation(frame(Type::windowUpdate, yamux::flagSyn, 1, 0) + frame(Type::data, 0, 1, yamux::receiveWindow + 1));
  checkViolation(std::string(12, '\xff'));
}

TEST("session: data for a stream that is gone is dropped") {
  TestHost host;
  host.sendRaw(frame(Type::data, 0, 99, 5) + "hello" + frame(Type::ping, yamux::flagSyn, 0, 1));
  host.until([&] { return host.pong == 1; }, "pong");
}

TEST("session: one stream too many is reset, the others live") {
  TestHost host;
  for (size_t i = 0; i < yamux::maxStreams; ++i) host.openStream();
  const uint32_t extra = host.openStream();
  host.until([&] { return host.stream(extra).reset; }, "RST");
  CHECK(!host.abandoned());
  CHECK(!host.stream(1).reset);
}

TEST("session: after a violation the next connection is served") {
  TestHost host;
  host.sendRaw(std::string(12, '\xff'));
  host.disconnect();
  host.connect();
  CHECK_EQ(host.call("agent.hello", {{"protocol", 1}})["protocol"], 1);
}

TEST("session: the host gives up, and the next connection is served") {
  TestHost host;
  host.sendRaw(frame(Type::goAway, 0, 0, 2));
  CHECK(host.abandoned());
  host.disconnect();
  host.connect();
  CHECK_EQ(host.call("agent.hello", {{"protocol", 1}})["protocol"], 1);
}

TEST("session: a normal GoAway leaves the open streams alone") {
  TestHost host;
  host.call("agent.hello", {{"protocol", 1}});
  host.sendRaw(frame(Type::goAway, 0, 0, 0));
  CHECK_EQ(host.call("agent.hello", {{"protocol", 1}})["protocol"], 1);
}

TEST("session: a peer that asks and does not read is cut off") {
  Alone alone;
  alone.session.feed(frame(Type::windowUpdate, yamux::flagSyn, 1, 0));
  const std::string block(1024 * 1024, 'x');
  for (int i = 0; i < 16 && alone.opened->alive(); ++i) alone.opened->write(block);
  CHECK(alone.opened->alive());
  alone.opened->write(block);
  CHECK(!alone.opened->alive());
  CHECK_EQ(alone.handler->resets, 1);
  // The window of the specification, and not a byte more, had left by then.
  CHECK(alone.sent.size() < yamux::initialWindow + 1000);
}

TEST("session: a window that is held grows by what its owner has done with") {
  Alone alone;
  alone.session.feed(frame(Type::windowUpdate, yamux::flagSyn, 1, 0));
  alone.opened->holdWindow();
  alone.sent.clear();
  alone.session.feed(frame(Type::data, 0, 1, yamux::receiveWindow) + std::string(yamux::receiveWindow, 'x'));
  CHECK_EQ(alone.sent, "");
  alone.opened->consumed(yamux::receiveWindow / 2);
  CHECK_EQ(alone.sent, frame(Type::windowUpdate, 0, 1, yamux::receiveWindow / 2));
  alone.session.feed(frame(Type::data, 0, 1, yamux::receiveWindow / 2 + 1));
  CHECK_EQ(alone.session.violation(), "receive window exceeded");
}

TEST("session: data after the end of a stream is a violation") {
  Alone alone;
  alone.session.feed(frame(Type::data, yamux::flagSyn | yamux::flagFin, 1, 1) + "x");
  CHECK(!alone.session.ended());
  alone.session.feed(frame(Type::data, 0, 1, 1) + "x");
  CHECK_EQ(alone.session.violation(), "data after the end of a stream");
  CHECK_EQ(alone.handler->resets, 1);
}

TEST("session: streams take turns, so that a long answer does not hold up a short one") {
  Alone alone;
  alone.session.feed(frame(Type::windowUpdate, yamux::flagSyn, 1, 0x7fffffff));
  const auto bulk = alone.opened;
  alone.session.feed(frame(Type::windowUpdate, yamux::flagSyn, 3, 0));
  alone.congested = true;
  bulk->write(std::string(8 * 1024 * 1024, 'x'));
  alone.opened->write("short");
  alone.congested = false;
  alone.session.pump();
  CHECK(alone.sent.find("short") < 200 * 1024);
}

TEST("streams: bad headers get an error frame and the end") {
  TestHost host;
  for (const std::string header : {"[]", "{\"kind\":\"nonsense\"}", "not json", "{}"}) {
    const uint32_t id = host.openStream();
    host.sendFrame(id, frames::Type::header, header);
    CHECK(host.waitError(id).contains("code"));
  }
  const uint32_t id = host.openStream();
  host.sendFrame(id, frames::Type::standardInput, "x");
  CHECK_EQ(host.waitError(id)["code"], "protocol");
}

TEST("streams: there is one control stream") {
  TestHost host;
  host.call("agent.hello", {{"protocol", 1}});
  const uint32_t second = host.openFrames({{"kind", "control"}});
  CHECK_EQ(host.waitError(second)["code"], "invalid-state");
}
