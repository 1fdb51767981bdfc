#include "base/files.h"

#include "base/paths.h"
#include "distros.h"
#include "environment.h"
#include "harness.h"
#include "process/program.h"

using namespace tswsl;
using namespace distros;
using frames::Type;

namespace {

/** A distro that sees the system image: here the machine's own /usr. */
struct WithImage {
  TestHost host;
  std::string distro = install(host);

  WithImage() {
    Json params = startParams(distro);
    const std::string usr = std::string(paths::systemInDistro) + "/usr";
    params["config"]["mounts"].push_back(
        {{"type", "bind"}, {"source", "/usr"}, {"destination", usr}, {"options", {"rbind", "ro"}}});
    host.call("distro.start", params);
  }
  ~WithImage() { host.response("distro.stop", {{"distro", distro}, {"graceMs", 0}}); }

  uint32_t open(const char* user) { return host.openFrames({{"kind", "files"}, {"distro", distro}, {"user", user}}); }
  uint32_t opened(const char* user) {
    const uint32_t id = open(user);
    host.until([&] { return host.last(id, Type::header) != nullptr || host.last(id, Type::error) != nullptr; },
               "answer");
    if (const auto* error = host.last(id, Type::error)) throw test::Failed(error->payload);
    CHECK_EQ(host.last(id, Type::header)->payload, "{}");
    host.stream(id).raw = true;
    host.stream(id).bytes.clear();
    return id;
  }
  /** A message of 9P and the type of its answer. */
  int ask(uint32_t id, std::string_view message) {
    auto& bytes = host.stream(id).bytes;
    bytes.clear();
    host.writeTo(id, message);
    host.until([&] { return bytes.size() >= 7 && bytes.size() >= static_cast<unsigned char>(bytes[0]); },
               "9P's answer");
    return static_cast<unsigned char>(bytes[4]);
  }
};

constexpr std::string_view version(
    "\x15\0\0\0\x64\xff\xff\0\0\1\0\x08\0"
    "9P2000.L",
    21);
/** Tattach of fid 1 to "/" as uid 0, and as uid 1000. */
constexpr std::string_view attachRoot("\x18\0\0\0\x68\0\0\1\0\0\0\xff\xff\xff\xff\0\0\1\0/\0\0\0\0", 24);
constexpr std::string_view attachAda("\x18\0\0\0\x68\0\0\1\0\0\0\xff\xff\xff\xff\0\0\1\0/\xe8\3\0\0", 24);
constexpr int versionAnswer = 101;
constexpr int attachAnswer = 105;
constexpr int errorAnswer = 7;

void needServer() {
  environment::require();
  if (!pathExists("/usr/sbin/diod")) SKIP("needs diod");
}

}  // namespace

TEST("files: a distro's files are served, to root all and to a user its own view") {
  needServer();
  WithImage started;
  const uint32_t root = started.opened("root");
  CHECK_EQ(started.ask(root, version), versionAnswer);
  CHECK_EQ(started.ask(root, attachRoot), attachAnswer);
  const uint32_t ada = started.opened("ada");
  CHECK_EQ(started.ask(ada, version), versionAnswer);
  CHECK_EQ(started.ask(ada, attachRoot), errorAnswer);
  CHECK_EQ(started.ask(ada, attachAda), attachAnswer);
  CHECK_EQ(started.host.call("distro.list", Json::object())["running"][0]["commands"], 2);
}

TEST("files: the server ends with its stream, the stream with the distro") {
  needServer();
  WithImage started;
  const uint32_t first = started.opened("root");
  started.host.resetStream(first);
  const Json line = execHeader(started.distro, "pgrep -x diod | wc -l");
  const auto servers = [&] {
    const uint32_t id = started.host.openFrames(line);
    started.host.waitExit(id);
    return started.host.stream(id).output;
  };
  started.host.until([&] { return servers() == "0\n"; }, "the server's end");
  const uint32_t second = started.opened("root");
  started.host.call("distro.stop", {{"distro", started.distro}, {"graceMs", 10'000}});
  // The server may be seen to end before the distro is.
  const auto& stream = started.host.stream(second);
  started.host.until([&] { return stream.ended || stream.reset; }, "the stream's end");
}

TEST("files: refused with a reason") {
  environment::require();
  Started started;
  const auto refusal = [&](const char* user) {
    return started.host.waitError(
        started.host.openFrames({{"kind", "files"}, {"distro", started.distro}, {"user", user}}));
  };
  // This distro does not see the system image.
  CHECK_EQ(refusal("root")["code"], "unavailable");
  CHECK_EQ(refusal("nobody-of-that-name")["code"], "not-found");
  const uint32_t absent = started.host.openFrames({{"kind", "files"}, {"distro", newId()}, {"user", "root"}});
  CHECK_EQ(started.host.waitError(absent)["code"], "invalid-state");
}

TEST("files: without a port there is nothing to mount") {
  environment::require();
  TestHost host;
  CHECK_EQ(host.callFailing("files.mount", Json::object())["data"]["code"], "unavailable");
}

TEST("distro.mount: shown once, as asked for, and taken away") {
  environment::require();
  Started started;
  const std::string folder = std::string(paths::hostFiles) + "/path=%2Fa";
  makeDirectories(folder + "/sub");
  writeFile(folder + "/sub/file", "hello\n");
  const auto mount = [&](const char* source, const char* target, bool readOnly) {
    started.host.call("distro.mount",
                      {{"distro", started.distro}, {"source", source}, {"target", target}, {"readOnly", readOnly}});
  };
  const auto mounts = [&] { return started.shell("grep -c ' /mnt/a ' /proc/self/mountinfo || true"); };
  mount("path=%2Fa", "/mnt/a", false);
  mount("path=%2Fa", "/mnt/a", false);
  CHECK_EQ(started.shell("cat /mnt/a/sub/file; stat -c %a /mnt/a"), "hello\n755\n");
  CHECK_EQ(mounts(), "1\n");
  started.shell("echo more >> /mnt/a/sub/file");
  mount("path=%2Fa", "/mnt/a", true);
  CHECK_EQ(mounts(), "1\n");
  CHECK_EQ(started.shell("echo no 2>/dev/null >> /mnt/a/sub/file || echo refused"), "refused\n");
  mount("path=%2Fa/sub", "/mnt/a", false);
  CHECK_EQ(started.shell("cat /mnt/a/file"), "hello\nmore\n");
  const Json target = {{"distro", started.distro}, {"target", "/mnt/a"}};
  started.host.call("distro.unmount", target);
  started.host.call("distro.unmount", target);
  CHECK_EQ(mounts(), "0\n");
  CHECK_EQ(started.shell("stat -c %a /mnt/a"), "777\n");
}

TEST("distro.mount: links lead nowhere but into the distro") {
  environment::require();
  Started started;
  makeDirectories(std::string(paths::hostFiles) + "/path=%2Fb");
  started.shell("mkdir -p /mnt && ln -s ../../../../run /mnt/link && ln -s /mnt/loop /mnt/loop");
  const auto params = [&](const char* target) {
    return Json{{"distro", started.distro}, {"source", "path=%2Fb"}, {"target", target}, {"readOnly", false}};
  };
  started.host.call("distro.mount", params("/mnt/link/b"));
  CHECK_EQ(started.shell("grep -c ' /run/b ' /proc/self/mountinfo"), "1\n");
  CHECK(!pathExists("/run/b"));
  CHECK_EQ(started.host.callFailing("distro.mount", params("/mnt/loop"))["data"]["code"], "invalid-argument");
  CHECK_EQ(started.host.callFailing("distro.mount", params("relative"))["data"]["code"], "invalid-argument");
  Json outside = params("/mnt/c");
  outside["source"] = "../agent";
  CHECK_EQ(started.host.callFailing("distro.mount", outside)["data"]["code"], "invalid-argument");
  outside["source"] = "path=%2Fabsent";
  CHECK_EQ(started.host.callFailing("distro.mount", outside)["data"]["code"], "not-found");
}

TEST("files.replay: what has happened is done, in order, by a user of no distro") {
  environment::require();
  TestHost host;
  const std::string folder = std::string(paths::hostFiles) + "/path=%2Fd";
  makeDirectories(folder + "/sub");
  environment::shell("chmod 777 " + folder);
  const auto event = [&](const char* op, const std::string& path, bool directory) {
    return Json{{"op", op}, {"path", folder + path}, {"directory", directory}};
  };
  Json rename = event("rename", "/new", false);
  rename["to"] = folder + "/sub/moved";
  const Json events = {event("create", "/new", false),      event("modify", "/new", false),
                       event("attrib", "/new", false),      rename,
                       event("create", "/dir", true),       event("delete", "/absent", false),
                       event("create", "/gone", true),      event("delete", "/gone", true),
                       event("create", "/absent/x", false), event("create", "/file", false),
                       event("delete", "/file", false)};
  host.call("files.replay", {{"events", events}});
  CHECK(listDirectory(folder) == std::vector<std::string>({"dir", "sub"}));
  CHECK(listDirectory(folder + "/sub") == std::vector<std::string>{"moved"});
  environment::shell("test $(stat -c %u:%g " + folder + "/sub/moved) = 4294967280:4294967280");
}

TEST("files.replay: nothing outside the host's files is touched") {
  environment::require();
  TestHost host;
  const std::string folder = std::string(paths::hostFiles) + "/path=%2Fe";
  makeDirectories(folder);
  environment::shell("ln -sfn /run/outside " + folder + "/link; mkdir -p /run/outside");
  const auto create = [&](const std::string& path) {
    return Json{{"events", {{{"op", "create"}, {"path", path}, {"directory", false}}}}};
  };
  host.call("files.replay", create(folder + "/link/file"));
  CHECK(listDirectory("/run/outside").empty());
  for (const char* path : {"/etc/x", "/run/tswsl/host/", "/run/tswsl/host/../x", "/run/tswsl/host/a//b", "x"}) {
    CHECK_EQ(host.callFailing("files.replay", create(path))["data"]["code"], "invalid-argument");
  }
  Json params = create(folder + "/x");
  params["events"][0]["op"] = "explode";
  CHECK_EQ(host.callFailing("files.replay", params)["data"]["code"], "invalid-argument");
}

TEST("tools: wslpath and mount.drvfs are roles of the distro's init") {
  environment::require();
  Started started;
  makeDirectories(std::string(paths::hostFiles) + "/path=%2Fc;ro");
  writeFile(std::string(paths::hostFiles) + "/path=%2Fc;ro/file", "hello\n");
  started.host.call("distro.mount",
                    {{"distro", started.distro}, {"source", ""}, {"target", paths::hostFiles}, {"readOnly", false}});
  started.shell("cd /tmp && for name in wslpath mount.drvfs; do ln -s /run/tswsl/init $name; done; mkdir -p /mnt/c");
  CHECK_EQ(started.shell("cd /tmp; ./mount.drvfs /c /mnt/c -o ro && cat /mnt/c/file"), "hello\n");
  CHECK_EQ(started.shell("cd /tmp; ./mount.drvfs /absent /mnt/c 2>/dev/null; echo $?"), "32\n");
  CHECK_EQ(started.shell("cd /tmp; ./mount.drvfs /c 2>/dev/null; echo $?"), "1\n");
  CHECK_EQ(started.shell("WSL_DISTRO_NAME=fake /tmp/wslpath -w /etc/"), "~/tswsl/fake/etc/\n");
  CHECK_EQ(started.shell("cd /tmp; ./wslpath /nowhere 2>/dev/null; echo $?"), "1\n");
  CHECK_EQ(started.shell("cd /tmp; ./wslpath -w 2>/dev/null; echo $?"), "1\n");
}
