#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "fuzz_targets.h"
#include "rpc/framing.h"
#include "wire/frames.h"
#include "wire/yamux_header.h"

using namespace tswsl;

namespace {

constexpr const char* execHeader =
    R"({"kind":"exec","distro":"0f0f0f0f-0000-4000-8000-000000000001","user":"root","cwd":"~","shell":"none","argv":["true"],)"
    R"("env":{"A":"b"},"cgroup":"/a/b","tty":{"rows":24,"columns":80},"stdin":"tty","stdout":"tty","stderr":"pipe"})";

std::string data(uint32_t id, uint16_t flags, const std::string& body) {
  return yamux::encode({yamux::Type::data, flags, id, static_cast<uint32_t>(body.size())}) + body;
}

/** Well-formed inputs, one or more for each target: mutations of these get further than noise. */
std::vector<std::string> seeds() {
  const std::string control = frames::encode(frames::Type::header, R"({"kind":"control"})");
  const std::string exec = frames::encode(frames::Type::header, execHeader);
  const std::string hello =
      rpc::encodeMessage(R"({"jsonrpc":"2.0","id":1,"method":"agent.hello","params":{"protocol":1}})");
  const std::string list = rpc::encodeMessage(R"({"jsonrpc":"2.0","id":"x","method":"distro.list","params":{}})");
  const std::string echo = rpc::encodeMessage(R"({"jsonrpc":"2.0","id":2,"method":"echo","params":{"text":"hi"}})");
  const std::string drop = rpc::encodeMessage(R"({"jsonrpc":"2.0","id":3,"method":"drop","params":{}})");
  const std::string frameMix = frames::encode(frames::Type::standardInput, "abc") +
                               frames::encodeWindow(frames::Type::standardOutput, 5) + frames::encodeExit(true, 9);
  const std::string session = data(1, yamux::flagSyn, control) + data(1, 0, hello + list) +
                              data(3, yamux::flagSyn, exec + frameMix) +
                              yamux::encode({yamux::Type::ping, yamux::flagSyn, 0, 7}) +
                              yamux::encode({yamux::Type::windowUpdate, yamux::flagFin, 3, 100}) +
                              yamux::encode({yamux::Type::windowUpdate, yamux::flagRst, 1, 0});
  const std::string passwd = "root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\nwheel:x:10:root,user\n";
  const std::string mounts =
      "31 20 0:40 /path=C%3A%5C;uid=1000/a\\040b /mnt/c rw,noatime shared:1 - 9p tswsl rw\n34 20 0:41 / / rw - tmpfs  rw\n";
  const std::string options = "rw,uid=1000,case=dir\n[automount]\nroot = /windir/\n";
  return {std::string(1, 0) + frameMix, std::string(1, 1) + hello + list, std::string(1, 2) + execHeader,
          std::string(1, 3) + passwd,   std::string(1, 4) + echo + drop,  std::string(1, 5) + control + hello,
          std::string(1, 5) + exec,     std::string(1, 6) + mounts,       std::string(1, 6) + "path=C%3A%5C;uid=1000;ro",
          std::string(1, 6) + options,  std::string(1, 7) + session};
}

using Random = std::mt19937_64;

size_t pick(Random& random, size_t below) { return below == 0 ? 0 : random() % below; }

/** Between one and eight small damages; the first byte, which chooses the target, stays. */
std::string mutate(std::string input, Random& random) {
  for (size_t count = 1 + pick(random, 8); count > 0 && input.size() > 1; --count) {
    const size_t at = 1 + pick(random, input.size() - 1);
    switch (pick(random, 6)) {
      case 0:
        input[at] = static_cast<char>(random());
        break;
      case 1:
        input[at] = static_cast<char>(input[at] ^ (1 << pick(random, 8)));
        break;
      case 2:
        input.erase(at, 1 + pick(random, 8));
        break;
      case 3:
        input.insert(at, input.substr(1 + pick(random, input.size() - 1), pick(random, 64)));
        break;
      case 4:
        input.insert(at, std::string(1 + pick(random, 300), "\0\xff[{\"9"[pick(random, 6)]));
        break;
      default:
        input.resize(at);
    }
  }
  return input;
}

std::string noise(Random& random) {
  std::string input(pick(random, 400), '\0');
  for (char& c : input) c = static_cast<char>(random());
  return input;
}

}  // namespace

/** fuzz-smoke [INPUTS [SEED]]: the same inputs every time, so that a failure can be repeated. */
int main(int count, char** values) {
  const long inputs = count > 1 ? std::strtol(values[1], nullptr, 10) : 20'000;
  const unsigned long seed = count > 2 ? std::strtoul(values[2], nullptr, 10) : 1;
  ::signal(SIGPIPE, SIG_IGN);
  Random random(seed);
  const auto corpus = seeds();
  for (const auto& input : corpus) fuzzOne(input);
  for (long i = 0; i < inputs; ++i) {
    fuzzOne(i % 4 == 3 ? noise(random) : mutate(corpus[pick(random, corpus.size())], random));
  }
  std::printf("%ld inputs from seed %lu: no crash\n", inputs, seed);
  return 0;
}
