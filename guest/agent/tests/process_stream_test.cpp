#include "exec/process_stream.h"

#include <signal.h>

#include "base/clock.h"
#include "exec/launch.h"
#include "harness.h"
#include "process/fork_child.h"
#include "wire/yamux_session.h"

using namespace tswsl;
using frames::Type;

namespace {

/** A ProcessStream running a shell script, and its peer, joined by a yamux session in memory. */
class Rig {
 public:
  explicit Rig(const std::string& script)
      : session_({[this](std::string bytes) { take(bytes); }, [] { return size_t{0}; }},
                 [this](const std::shared_ptr<yamux::Stream>& stream) {
                   process = std::make_shared<ProcessStream>(loop_, reaper_, stream, Channels{});
                   process->setEvents({nullptr, [this] { gone = true; }, nullptr});
                   return process;
                 }) {
    session_.feed(yamux::encode({yamux::Type::windowUpdate, yamux::flagSyn, 1, 0x7fffffff}));
    process->started(launchHelper([script] { return execProgram({"sh", "-c", script}); }));
  }

  void send(Type type, std::string_view payload) {
    const std::string frame = frames::encode(type, payload);
    session_.feed(yamux::encode({yamux::Type::data, 0, 1, static_cast<uint32_t>(frame.size())}) + frame);
  }
  void grant(Type type, uint32_t bytes) {
    const std::string frame = frames::encodeWindow(type, bytes);
    session_.feed(yamux::encode({yamux::Type::data, 0, 1, static_cast<uint32_t>(frame.size())}) + frame);
  }
  void reset() { session_.feed(yamux::encode({yamux::Type::windowUpdate, yamux::flagRst, 1, 0})); }

  void until(const std::function<bool()>& ready, const char* what) {
    const int64_t end = monotonicMillis() + 20'000;
    while (!ready()) {
      if (monotonicMillis() > end) throw test::Failed(std::string("waited too long for ") + what);
      loop_.turn(20);
    }
  }
  std::string waitExit() {
    until([&] { return exit.size() == 2; }, "exit");
    return exit;
  }

  std::string output;
  std::string error;
  std::string exit;
  std::string failure;
  uint64_t inputCredit = frames::initialCredit;
  bool ended = false;
  bool gone = false;
  std::shared_ptr<ProcessStream> process;

 private:
  void take(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto header = yamux::decode(bytes.substr(0, yamux::headerBytes));
      bytes.remove_prefix(yamux::headerBytes);
      if ((header.flags & yamux::flagFin) != 0) ended = true;
      if (header.type != yamux::Type::data) continue;
      std::string_view body = bytes.substr(0, header.length);
      bytes.remove_prefix(header.length);
      while (const auto frame = decoder_.next(body)) onFrame(*frame);
    }
  }
  void onFrame(const frames::Frame& frame) {
    if (frame.type == Type::standardOutput) output += frame.payload;
    if (frame.type == Type::standardError) error += frame.payload;
    if (frame.type == Type::exit) exit = frame.payload;
    if (frame.type == Type::error) failure = frame.payload;
    if (frame.type == Type::window) inputCredit += frames::decodeWindow(frame.payload).bytes;
  }

  Loop loop_;
  Reaper reaper_{loop_};
  frames::Decoder decoder_;
  yamux::Session session_;
};

}  // namespace

TEST("process: output, errors and status arrive, then the end") {
  Rig rig("echo out; echo err >&2; exit 3");
  CHECK_EQ(rig.waitExit(), std::string("\0\3", 2));
  CHECK_EQ(rig.output, "out\n");
  CHECK_EQ(rig.error, "err\n");
  CHECK(rig.ended && rig.gone);
}

TEST("process: 8 MiB through stdin and back, within the credit") {
  Rig rig("cat");
  const std::string block(frames::maxDataBytes, 'x');
  size_t returned = 0;
  for (int i = 0; i < 128; ++i) {
    rig.until(
        [&] {
          if (rig.output.size() > returned)
            rig.grant(Type::standardOutput, static_cast<uint32_t>(rig.output.size() - returned));
          returned = rig.output.size();
          return rig.inputCredit >= block.size();
        },
        "credit");
    rig.inputCredit -= block.size();
    rig.send(Type::standardInput, block);
  }
  rig.send(Type::standardInput, {});
  rig.until(
      [&] {
        if (rig.output.size() > returned)
          rig.grant(Type::standardOutput, static_cast<uint32_t>(rig.output.size() - returned));
        returned = rig.output.size();
        return !rig.exit.empty();
      },
      "exit");
  CHECK_EQ(rig.output.size(), 128 * block.size());
}

TEST("process: more than the credit is a protocol error of that stream") {
  Rig rig("exec sleep 1000");
  const std::string block(frames::maxDataBytes, 'x');
  // The pipe takes some of it before the credit counts.
  for (int i = 0; i < 64 && rig.failure.empty(); ++i) rig.send(Type::standardInput, block);
  CHECK(rig.failure.find("\"protocol\"") != std::string::npos);
  rig.until([&] { return rig.gone; }, "the hang-up");
}

TEST("process: a full stdin does not hold up a signal") {
  Rig rig("exec sleep 1000");
  const std::string block(frames::maxDataBytes, 'x');
  for (size_t sent = 0; sent < frames::initialCredit; sent += block.size()) rig.send(Type::standardInput, block);
  rig.send(Type::signal, std::string(1, SIGTERM));
  CHECK_EQ(rig.waitExit(), std::string({1, SIGTERM}));
}

TEST("process: stdin that nobody reads is dropped, its credit returned") {
  Rig rig("exec <&-; echo closed; read x < /dev/null; exec sleep 1000");
  rig.until([&] { return rig.output == "closed\n"; }, "the script");
  const std::string block(frames::maxDataBytes, 'x');
  for (int i = 0; i < 64; ++i) {
    CHECK(rig.inputCredit >= block.size());
    rig.inputCredit -= block.size();
    rig.send(Type::standardInput, block);
  }
  rig.send(Type::signal, std::string(1, SIGKILL));
  rig.waitExit();
}

TEST("process: a stalled stdout does not hold up stderr, and loses nothing") {
  Rig rig("head -c 3000000 /dev/zero & echo hi >&2; wait; exit 5");
  rig.until([&] { return rig.error == "hi\n"; }, "stderr");
  rig.until([&] { return rig.output.size() == frames::initialCredit; }, "the credit to be used up");
  rig.grant(Type::standardOutput, 3'000'000);
  CHECK_EQ(rig.waitExit(), std::string("\0\5", 2));
  CHECK_EQ(rig.output.size(), 3'000'000U);
}

TEST("process: what an ended command has left in its pipe waits for credit") {
  Rig rig("head -c 1100000 /dev/zero; exec sleep 1000");
  rig.until([&] { return rig.output.size() == frames::initialCredit; }, "the credit to be used up");
  rig.send(Type::signal, std::string(1, SIGKILL));
  rig.until([&] { return rig.gone; }, "the end");
  CHECK(rig.exit.empty());
  // On its way when it happened: neither is an error.
  rig.send(Type::standardInput, "late");
  rig.send(Type::signal, std::string(1, SIGTERM));
  rig.grant(Type::standardOutput, 100'000);
  CHECK_EQ(rig.waitExit(), std::string({1, SIGKILL}));
  CHECK_EQ(rig.output.size(), 1'100'000U);
}

TEST("process: what holds the pipe in the background does not hold up the exit") {
  Rig rig("sleep 1000 & echo $!");
  CHECK_EQ(rig.waitExit(), std::string("\0\0", 2));
  const pid_t sleeper = std::stoi(rig.output);
  CHECK_EQ(::kill(sleeper, 0), 0);
  ::kill(sleeper, SIGKILL);
}

TEST("process: a background writer does not hold up the exit either") {
  Rig rig("yes & echo $! >&2");
  uint32_t granted = 0;
  rig.until(
      [&] {
        const auto total = static_cast<uint32_t>(rig.output.size());
        rig.grant(Type::standardOutput, total - granted);
        granted = total;
        return !rig.exit.empty();
      },
      "exit");
  ::kill(std::stoi(rig.error), SIGKILL);
}

TEST("process: when the peer goes the session is hung up") {
  Rig rig("exec sleep 1000");
  rig.reset();
  rig.until([&] { return rig.gone; }, "the hang-up");
}

TEST("process: frames that are not for a command end the stream") {
  for (const Type type : {Type::standardOutput, Type::standardError, Type::exit, Type::header}) {
    Rig rig("exec sleep 1000");
    rig.send(type, type == Type::exit ? std::string_view("\0\0", 2) : std::string_view("x"));
    CHECK(rig.failure.find("\"protocol\"") != std::string::npos);
    rig.until([&] { return rig.gone; }, "the hang-up");
  }
}

TEST("process: credit and signals out of range are protocol errors") {
  Rig overflow("exec sleep 1000");
  overflow.grant(Type::standardOutput, 0xffffffff);
  CHECK(overflow.failure.find("credit overflow") != std::string::npos);
  Rig signal("exec sleep 1000");
  signal.send(Type::signal, std::string(1, '\0'));
  CHECK(signal.failure.find("\"protocol\"") != std::string::npos);
}
