#include "fuzz_targets.h"

#include <grp.h>
#include <unistd.h>

#include <cstdlib>

#include "agent/agent.h"
#include "base/log.h"
#include "exec/account_files.h"
#include "exec/exec_request.h"
#include "files/export_name.h"
#include "files/mount_info.h"
#include "files/replay.h"
#include "rpc/framing.h"
#include "rpc/server.h"
#include "store/import.h"
#include "tools/drvfs_options.h"
#include "tools/host_path.h"
#include "tools/path_translation.h"
#include "wire/frames.h"
#include "wire/yamux_session.h"

using namespace tswsl;

namespace {

/** Swallows what a session sends, as a host that reads. */
class Sink : public Connection {
 public:
  void send(std::string bytes) override { total += bytes.size(); }
  size_t backlog() const override { return 0; }
  void abandon() override {}
  size_t total = 0;
};

void fuzzFrames(std::string_view input) {
  frames::Decoder decoder;
  try {
    while (const auto frame = decoder.next(input)) {
      if (frame->type == frames::Type::window) frames::decodeWindow(frame->payload);
    }
  } catch (const Failure&) {
    // Refusing is what it is for.
  }
}

void fuzzFraming(std::string_view input) {
  rpc::MessageDecoder decoder;
  try {
    while (const auto message = decoder.next(input)) parseJson(*message);
  } catch (const Failure&) {
    // As above.
  }
}

void fuzzHeaders(std::string_view input) {
  const auto json = parseJson(input);
  if (!json) return;
  for (const auto& parse :
       {+[](const Json& value) { parseExecRequest(value); }, +[](const Json& value) { parseImportRequest(value); },
        +[](const Json& value) { parseStartRequest(Params(value)); },
        +[](const Json& value) { parseReplay(Params(value)); }}) {
    try {
      parse(*json);
    } catch (const Failure&) {
      // As above.
    }
  }
  fromWire(*json);
  dumpJson(*json);
}

void fuzzAccounts(std::string_view input) {
  findAccount(input, "user");
  findAccount(input, "1000");
  groupsOf(input, "user", 1000);
}

/** What a distro writes into its mounts and paths, and a user into options. */
void fuzzPaths(std::string_view input) {
  const PathWorld world{parseMountInfo(input), "fake", "/home", [](const std::string& path) { return path; }};
  const std::string text(input);
  for (const bool absolute : {false, true}) {
    toLinuxPath(world, text, absolute);
    toHostPath(world, text, absolute);
  }
  parseDrvfsOptions(input, automountRoot(input));
  hostFolder(input);
  const auto shown = decodeExportPath(input);
  if (!shown) return;
  const ExportName& name = shown->name;
  try {
    const auto again = decodeExportPath(encodeExportName(name));
    if (!again || again->name.path != name.path || again->name.options != name.options) std::abort();
  } catch (const Failure&) {
    // Too long when every byte is encoded.
  }
}

/** A fuzzer may find `store.attach`: as nobody it can neither mount nor format. */
bool dropPrivileges() {
  constexpr uid_t nobody = 65534;
  if (::geteuid() != 0) return true;
  return ::setgroups(0, nullptr) == 0 && ::setresgid(nobody, nobody, nobody) == 0 &&
         ::setresuid(nobody, nobody, nobody) == 0;
}

std::string inDataFrame(std::string_view bytes) {
  std::string framed = yamux::encode({yamux::Type::data, yamux::flagSyn, 1, static_cast<uint32_t>(bytes.size())});
  framed += bytes;
  return framed;
}

/** Handlers that answer at once: the real ones would mount and fork. */
const rpc::Methods& harmlessMethods() {
  static const rpc::Methods methods = {
      {"echo", [](const Params& params, const rpc::Reply& reply) { reply.ok(params.text("text")); }},
      {"drop", [](const Params&, const rpc::Reply&) {}},
      {"fail", [](const Params&, const rpc::Reply&) { throw Failure(Code::internal, "on purpose"); }},
  };
  return methods;
}

/** A session whose only stream is a control stream. */
void fuzzControl(std::string_view input) {
  Sink sink;
  yamux::Session session({[&](std::string bytes) { sink.send(std::move(bytes)); }, [] { return size_t{0}; }},
                         [](const std::shared_ptr<yamux::Stream>& stream) {
                           return std::make_shared<rpc::Server>(stream, harmlessMethods(), [] {});
                         });
  session.feed(inDataFrame(input));
}

/** The agent as the link sees it. The distros named do not exist, so that nothing is run. */
void fuzzAgent(std::string_view input) {
  static Loop loop;
  static Agent agent(loop);
  static const LinkEvents events = agent.linkEvents();
  Sink sink;
  events.opened(sink);
  events.received(input);
  events.drained();
  events.closed();
  loop.turn(0);
}

}  // namespace

void fuzzOne(std::string_view input) {
  static const bool harmless = dropPrivileges();
  logTo(LogTarget::nowhere);
  if (input.empty() || !harmless) return;
  const auto target = static_cast<uint8_t>(input.front()) % 8;
  input.remove_prefix(1);
  switch (target) {
    case 0:
      return fuzzFrames(input);
    case 1:
      return fuzzFraming(input);
    case 2:
      return fuzzHeaders(input);
    case 3:
      return fuzzAccounts(input);
    case 4:
      return fuzzControl(input);
    case 5:
      return fuzzAgent(inDataFrame(input));
    case 6:
      return fuzzPaths(input);
    default:
      return fuzzAgent(input);
  }
}
