#include "base/json.h"

#include "base/base64.h"
#include "harness.h"
#include "rpc/params.h"

using namespace tswsl;

TEST("json: depth is bounded, strings do not count") {
  CHECK(parseJson(std::string(64, '[') + std::string(64, ']')).has_value());
  CHECK(!parseJson(std::string(65, '[') + std::string(65, ']')).has_value());
  CHECK(parseJson("\"" + std::string(1000, '[') + "\"").has_value());
  CHECK(parseJson("\"\\\"[\"").has_value());
  CHECK(!parseJson("{").has_value());
}

TEST("json: bytes that are not UTF-8 are replaced, not refused") { CHECK_EQ(dumpJson("a\xff"), "\"a\xef\xbf\xbd\""); }

TEST("json: a failure survives the wire") {
  const Failure back = fromWire(toWire(Failure(Code::notFound, "no such thing", "look elsewhere", ENOENT)));
  CHECK(back.code == Code::notFound);
  CHECK_EQ(std::string(back.what()), "no such thing");
  CHECK_EQ(back.hint, "look elsewhere");
  CHECK_EQ(back.error, ENOENT);
  CHECK(fromWire(Json::array()).code == Code::internal);
  CHECK(fromWire({{"code", "from-the-future"}, {"message", "x"}}).code == Code::internal);
}

TEST("params: types, ranges and names are told") {
  const Json value = {
      {"n", 3.0}, {"half", 0.5}, {"t", "x"}, {"u", "0f0f0f0f-0000-4000-8000-000000000001"}, {"ip", "10.0.0.256"}};
  const Params params(value);
  CHECK_EQ(params.integer("n", 0, 10), 3);
  CHECK_EQ(std::string(test::thrown<InvalidParams>([&] { params.integer("half", 0, 1); }).what()),
           "half must be whole");
  CHECK_EQ(std::string(test::thrown<InvalidParams>([&] { params.integer("n", 4, 9); }).what()), "n is out of range");
  CHECK_EQ(std::string(test::thrown<InvalidParams>([&] { params.text("none"); }).what()), "none is missing");
  CHECK_EQ(params.uuid("u").size(), 36U);
  test::thrown<InvalidParams>([&] { params.uuid("t"); });
  test::thrown<InvalidParams>([&] { params.ipv4("ip"); });
  test::thrown<InvalidParams>([] { Params(Json::array()); });
}

TEST("params: a UUID can be no path") {
  CHECK(isUuid("0F0f0f0f-0000-4000-8000-000000000001"));
  CHECK(!isUuid("../../../../../../../../../etc/passwd0"));
  CHECK(!isUuid("0f0f0f0f/0000-4000-8000-000000000001"));
  CHECK(!isUuid(""));
}

TEST("base64: RFC 4648 vectors, and refusals") {
  CHECK_EQ(decodeBase64("").value(), "");
  CHECK_EQ(decodeBase64("Zg==").value(), "f");
  CHECK_EQ(decodeBase64("Zm8=").value(), "fo");
  CHECK_EQ(decodeBase64("Zm9vYmFy").value(), "foobar");
  CHECK(!decodeBase64("Zg=").has_value());
  CHECK(!decodeBase64("Zg\n=").has_value());
  CHECK(!decodeBase64("====").has_value());
}
