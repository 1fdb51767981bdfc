#include "golden.h"
#include "rpc/framing.h"
#include "wire/frames.h"
#include "wire/yamux_header.h"

using namespace tswsl;

TEST("frames: the golden vectors, both ways, whole and byte by byte") {
  for (const auto& vector : golden("frames.json")) {
    const std::string payload = fromHex(vector["payloadHex"]);
    const std::string bytes = fromHex(vector["frameHex"]);
    CHECK_EQ(frames::encode(static_cast<frames::Type>(vector["type"].get<int>()), payload), bytes);
    for (const size_t step : {bytes.size(), size_t{1}}) {
      frames::Decoder decoder;
      std::optional<frames::Frame> frame;
      for (size_t i = 0; i < bytes.size(); i += step) {
        CHECK(!frame.has_value());
        std::string_view part = std::string_view(bytes).substr(i, step);
        frame = decoder.next(part);
        CHECK(part.empty());
      }
      CHECK(frame.has_value());
      CHECK_EQ(frame->payload, payload);
      CHECK_EQ(static_cast<int>(frame->type), vector["type"].get<int>());
    }
  }
}

TEST("frames: what is after a frame is left in the input") {
  const std::string two = frames::encode(frames::Type::standardInput, "ab") + "rest";
  std::string_view input = two;
  CHECK_EQ(frames::Decoder().next(input)->payload, "ab");
  CHECK_EQ(input, "rest");
}

TEST("frames: wrong types and sizes are refused by their header alone") {
  for (const char* hex :
       {"00000000", "0b000000", "02010001", "01100001", "05000004", "06000005", "07000000", "08000003"}) {
    const std::string bytes = fromHex(hex);
    std::string_view input = bytes;
    frames::Decoder decoder;
    CHECK(test::thrown<Failure>([&] { decoder.next(input); }).code == Code::protocol);
  }
}

TEST("frames: a window is for a data channel") {
  CHECK_EQ(frames::decodeWindow(fromHex("0300100000")).bytes, 0x100000U);
  CHECK(test::thrown<Failure>([] { frames::decodeWindow(fromHex("0100100000")); }).code == Code::protocol);
  CHECK(test::thrown<Failure>([] { frames::decodeWindow(fromHex("0500100000")); }).code == Code::protocol);
}

TEST("yamux: the golden headers, both ways") {
  for (const auto& vector : golden("yamux.json")) {
    const std::string bytes = fromHex(vector["headerHex"]);
    const yamux::Header header = yamux::decode(bytes);
    CHECK_EQ(static_cast<int>(header.type), vector["type"].get<int>());
    CHECK_EQ(header.flags, vector["flags"].get<int>());
    CHECK_EQ(header.streamId, vector["streamId"].get<uint32_t>());
    CHECK_EQ(header.length, vector["length"].get<uint32_t>());
    CHECK_EQ(yamux::encode(header), bytes);
  }
}

TEST("yamux: unknown versions, types and flags are refused") {
  for (const char* hex : {"010000000000000100000000", "000400000000000100000000", "000000100000000100000000"}) {
    CHECK(test::thrown<Failure>([&] { yamux::decode(fromHex(hex)); }).code == Code::protocol);
  }
}

TEST("rpc framing: split anywhere, several in one piece, other headers passed over") {
  const std::string bytes = "content-length:2\r\nContent-Type: application/json\r\n\r\n{}" + rpc::encodeMessage("[1]");
  for (size_t cut = 0; cut <= bytes.size(); ++cut) {
    rpc::MessageDecoder decoder;
    std::vector<std::string> messages;
    for (std::string_view part : {std::string_view(bytes).substr(0, cut), std::string_view(bytes).substr(cut)}) {
      while (const auto message = decoder.next(part)) messages.push_back(*message);
    }
    CHECK_EQ(messages.size(), 2U);
    CHECK_EQ(messages[0], "{}");
    CHECK_EQ(messages[1], "[1]");
  }
}

TEST("rpc framing: headers that cannot be understood end it") {
  for (const std::string text :
       {"Content-Length: 4194305\r\n\r\n", "Content-Length: -1\r\n\r\n", "Content-Length: 1x\r\n\r\n",
        "Content-Type: x\r\n\r\n", "nonsense\r\n\r\n", "\r\n\r\n", "Content-Length: 99999999999999999999\r\n\r\n"}) {
    std::string_view input = text;
    rpc::MessageDecoder decoder;
    CHECK(test::thrown<Failure>([&] { decoder.next(input); }).code == Code::protocol);
  }
  const std::string endless(rpc::maxHeaderBytes + 1, 'x');
  std::string_view input = endless;
  rpc::MessageDecoder decoder;
  CHECK(test::thrown<Failure>([&] { decoder.next(input); }).code == Code::protocol);
}
