#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/agent.h"
#include "base/json.h"
#include "base/loop.h"
#include "link/link.h"
#include "rpc/framing.h"
#include "wire/frames.h"
#include "wire/yamux_header.h"

/** The host's side of the link, in memory: yamux client, RPC client and frames, written without the agent's session. */
class TestHost : public tswsl::Connection {
 public:
  /** What has been received on one stream. */
  struct Received {
    std::string bytes;
    bool acknowledged = false;
    bool ended = false;
    bool reset = false;
    std::vector<tswsl::frames::Frame> frames;
    tswsl::frames::Decoder decoder;
    std::string output;
    std::string error;
    int inputCredit = 0;
    /** What comes is kept in `bytes` and not taken for frames. */
    bool raw = false;
    /** False: the host takes no more than the initial credit of stdout. */
    bool grantsOutput = true;
  };

  explicit TestHost(bool connected = true);
  ~TestHost() override;

  void connect();
  void disconnect();

  uint32_t openStream();
  void writeTo(uint32_t id, std::string_view bytes);
  void endStream(uint32_t id);
  void resetStream(uint32_t id);
  void sendRaw(std::string_view bytes);

  /** Opens a stream with this header; what comes is taken apart into frames. */
  uint32_t openFrames(const tswsl::Json& header);
  void sendFrame(uint32_t id, tswsl::frames::Type type, std::string_view payload = {});
  const tswsl::frames::Frame* last(uint32_t id, tswsl::frames::Type type) const;
  /** Waits for the exit frame: status, or 1000 + signal. */
  int waitExit(uint32_t id);
  tswsl::Json waitError(uint32_t id);

  /** A request on the control stream, opened at first use. The result; throws test::Failed for an error. */
  tswsl::Json call(const std::string& method, const tswsl::Json& params);
  /** The error object of a request that must fail. */
  tswsl::Json callFailing(const std::string& method, const tswsl::Json& params);
  tswsl::Json response(const std::string& method, const tswsl::Json& params);
  /** The next notification of that method. */
  tswsl::Json waitNotification(const std::string& method);

  /** Lets the agent work until `ready`; throws test::Failed after 30 s. */
  void until(const std::function<bool()>& ready, const char* what);

  Received& stream(uint32_t id) { return streams_[id]; }
  tswsl::Agent& agent() { return agent_; }
  bool abandoned() const { return abandoned_; }
  uint32_t goAway = ~0U;
  uint32_t pong = 0;

  void send(std::string bytes) override { inbox_ += bytes; }
  size_t backlog() const override { return inbox_.size(); }
  void abandon() override { abandoned_ = true; }

 private:
  void turn();
  void takeInbox();
  void onFrame(const tswsl::yamux::Header& header, std::string_view body);
  void onData(uint32_t id, std::string_view body);
  void onControl(std::string_view body);
  void header(tswsl::yamux::Type type, uint16_t flags, uint32_t id, uint32_t length, std::string_view body = {});

  tswsl::Loop loop_;
  tswsl::Agent agent_;
  tswsl::LinkEvents events_;
  std::string inbox_;
  std::map<uint32_t, Received> streams_;
  std::map<uint32_t, uint32_t> window_;
  uint32_t nextStream_ = 1;
  uint32_t control_ = 0;
  int nextCall_ = 1;
  tswsl::rpc::MessageDecoder decoder_;
  std::vector<tswsl::Json> messages_;
  bool connected_ = false;
  bool abandoned_ = false;
};
