#include <signal.h>
#include <sys/stat.h>

#include "base/files.h"
#include "base/paths.h"
#include "environment.h"
#include "harness.h"
#include "store/layout.h"
#include "store/subvolume.h"
#include "test_host.h"

using namespace tswsl;
using frames::Type;

namespace {

std::string newId() {
  static int count = 0;
  char id[37];
  std::snprintf(id, sizeof id, "%08x-0000-4000-8000-000000000000", ++count);
  return id;
}

/** Sends a file's content as an import; the exit status. */
int import(TestHost& host, const std::string& distro, const std::string& archive, const std::string& compression) {
  const uint32_t id = host.openFrames({{"kind", "import"}, {"distro", distro}, {"compression", compression}});
  const std::string content = readFile(archive, 64 * 1024 * 1024).value();
  size_t sent = 0;
  while (sent < content.size()) {
    const size_t allowed = frames::initialCredit + static_cast<size_t>(host.stream(id).inputCredit) - sent;
    const size_t part = std::min({allowed, frames::maxDataBytes, content.size() - sent});
    if (part > 0) host.sendFrame(id, Type::standardInput, std::string_view(content).substr(sent, part));
    else host.until([&] { return host.stream(id).inputCredit + frames::initialCredit > sent; }, "import credit");
    sent += part;
  }
  host.sendFrame(id, Type::standardInput);
  return host.waitExit(id);
}

std::string makeArchive() {
  const std::string tree = environment::makeRootTree();
  environment::shell("tar -C " + tree + " -cf " + tree + ".tar .");
  return tree + ".tar";
}

std::string install(TestHost& host) {
  const std::string distro = newId();
  host.call("distro.create", {{"distro", distro}});
  CHECK_EQ(import(host, distro, makeArchive(), "none"), 0);
  host.call("distro.commit", {{"distro", distro}});
  return distro;
}

Json startParams(const std::string& distro) {
  return {{"distro", distro},
          {"config", environment::ociConfig()},
          {"network", {{"address", "10.99.0.2"}, {"prefix", 24}, {"gateway", "10.99.0.1"}}},
          {"files", {{{"path", "/etc/hostname"}, {"content", "fake\n"}, {"mode", 0644}}}}};
}

Json execHeader(const std::string& distro, const std::string& line) {
  return {{"kind", "exec"}, {"distro", distro}, {"user", "root"}, {"cwd", "/"}, {"shell", "standard"}, {"argv", {line}},
          {"env", Json::object()}, {"tty", nullptr}, {"stdin", "pipe"}, {"stdout", "pipe"}, {"stderr", "pipe"}};
}

Json with(Json header, const Json& changes) {
  header.update(changes);
  return header;
}

const Json onTerminal = {{"tty", {{"rows", 24}, {"columns", 80}}}, {"stdin", "tty"}, {"stdout", "tty"}, {"stderr", "tty"}};

/** A started distro that is stopped at the end of a test. */
struct Started {
  Started() : distro(install(host)) { pid = host.call("distro.start", startParams(distro))["pid"]; }
  ~Started() { host.response("distro.stop", {{"distro", distro}, {"graceMs", 0}}); }

  /** Output of a command that must succeed. */
  std::string run(const Json& header) {
    const uint32_t id = host.openFrames(header);
    const int status = host.waitExit(id);
    if (status != 0) throw test::Failed("status " + std::to_string(status) + ": " + host.stream(id).error);
    return host.stream(id).output;
  }
  std::string shell(const std::string& line) { return run(execHeader(distro, line)); }
  int status(const Json& header) { return host.waitExit(host.openFrames(header)); }

  TestHost host;
  std::string distro;
  pid_t pid = -1;
};

}  // namespace

TEST("store: create, import, commit, inspect, delete") {
  environment::require();
  TestHost host;
  CHECK(host.call("store.attach", {{"lun", 1}, {"format", false}})["total"] > 0);
  const std::string distro = newId();
  host.call("distro.create", {{"distro", distro}});
  CHECK_EQ(host.callFailing("distro.create", {{"distro", distro}})["data"]["code"], "exists");
  CHECK_EQ(host.call("store.attach", {{"lun", 1}, {"format", false}})["distros"].size(), 0U);
  CHECK_EQ(import(host, distro, makeArchive(), "none"), 0);
  CHECK_EQ(host.call("distro.inspect", {{"distro", distro}})["osRelease"], "ID=fake\nVERSION_ID=1\n");
  host.call("distro.commit", {{"distro", distro}});
  CHECK_EQ(host.call("store.attach", {{"lun", 1}, {"format", false}})["distros"], Json::array({distro}));
  const Json inspected = host.call("distro.inspect", {{"distro", distro}});
  CHECK(inspected["wslConf"].is_null());
  CHECK_EQ(inspected["hasInit"], false);
  createSubvolume(rootOf(distroPath(distro)), "nested");
  createSubvolume(rootOf(distroPath(distro)) + "/nested", "deeper");
  host.call("distro.delete", {{"distro", distro}});
  host.call("distro.delete", {{"distro", distro}});
  CHECK(listDirectory(paths::distros).empty());
  CHECK_EQ(host.callFailing("distro.inspect", {{"distro", distro}})["data"]["code"], "not-found");
}

TEST("store: each compression, by content") {
  environment::require();
  TestHost host;
  const std::string archive = makeArchive();
  environment::shell("gzip -k " + archive + " && xz -k " + archive + " && { command -v zstd >/dev/null || exit 0; zstd -q " + archive + "; }");
  for (const auto& [compression, suffix] : {std::pair("gzip", ".gz"), std::pair("xz", ".xz"), std::pair("zstd", ".zst")}) {
    if (!pathExists(archive + suffix)) continue;
    const std::string distro = newId();
    host.call("distro.create", {{"distro", distro}});
    CHECK_EQ(import(host, distro, archive + suffix, compression), 0);
    CHECK(pathExists(rootOf(partialPath(distro)) + "/etc/passwd"));
    host.call("distro.delete", {{"distro", distro}});
  }
}

TEST("store: what is no archive, or no root, ends with the reason and can be removed") {
  environment::require();
  TestHost host;
  const std::string distro = newId();
  host.call("distro.create", {{"distro", distro}});
  writeFile("/run/garbage", std::string(100'000, 'x'));
  const uint32_t id = host.openFrames({{"kind", "import"}, {"distro", distro}, {"compression", "none"}});
  host.sendFrame(id, Type::standardInput, "this is no archive");
  host.sendFrame(id, Type::standardInput);
  CHECK_EQ(host.waitExit(id), 2);
  CHECK(host.stream(id).error.find("tar") != std::string::npos);
  const Json error = host.callFailing("distro.commit", {{"distro", distro}});
  CHECK_EQ(error["data"]["code"], "invalid-argument");
  CHECK(error["message"].get<std::string>().starts_with("not a root file system"));
  host.call("distro.delete", {{"distro", distro}});
  CHECK_EQ(host.callFailing("distro.commit", {{"distro", distro}})["data"]["code"], "not-found");
}

TEST("store: an archive cannot write outside its root") {
  environment::require();
  TestHost host;
  const std::string distro = newId();
  environment::shell(
      "mkdir -p /run/evil/etc && cd /run/evil && ln -sfn /run out && tar -cf /run/evil.tar etc out && rm out && mkdir out && "
      "echo x > out/owned && tar -rf /run/evil.tar out/owned && tar -P -rf /run/evil.tar /run/evil/out/owned --transform "
      "'s,^.*$,../../../../run/owned,'");
  host.call("distro.create", {{"distro", distro}});
  import(host, distro, "/run/evil.tar", "none");
  CHECK(!pathExists("/run/owned"));
  host.call("distro.delete", {{"distro", distro}});
}

TEST("store: leftovers of an interrupted run are removed on the first attach") {
  environment::require();
  const std::string partial = partialPath(newId());
  const std::string deleted = deletedPath(newId());
  for (const auto& directory : {partial, deleted}) {
    makeDirectories(directory);
    createSubvolume(directory, "rootfs");
  }
  TestHost host;
  host.call("store.attach", {{"lun", 1}, {"format", false}});
  host.until([&] { return !pathExists(partial) && !pathExists(deleted); }, "removal of leftovers");
}

TEST("distro: start, list, stop, and everything of it is gone") {
  environment::require();
  TestHost host;
  const std::string distro = install(host);
  const Json pid = host.call("distro.start", startParams(distro))["pid"];
  const Json running = host.call("distro.list", Json::object())["running"];
  CHECK_EQ(running, Json::array({{{"distro", distro}, {"pid", pid}, {"commands", 0}}}));
  CHECK_EQ(host.callFailing("distro.start", startParams(distro))["data"]["code"], "invalid-state");
  CHECK_EQ(host.callFailing("distro.delete", {{"distro", distro}})["data"]["code"], "invalid-state");
  host.call("distro.stop", {{"distro", distro}, {"graceMs", 10'000}});
  const Json exited = host.waitNotification("distro.exited");
  CHECK_EQ(exited["status"], 0);
  CHECK(listDirectory(paths::networkNamespaces).empty());
  CHECK(listDirectory(paths::bundles).empty());
  CHECK(listDirectory(paths::crunState).empty());
  CHECK(!pathExists(std::string(paths::cgroups) + "/tswsl/" + distro));
  CHECK(!pathExists("/sys/class/net/v" + distro.substr(0, 8)));
  host.call("distro.start", startParams(distro));
  host.call("distro.stop", {{"distro", distro}, {"graceMs", 10'000}});
  host.call("distro.delete", {{"distro", distro}});
}

TEST("distro: a start that fails leaves nothing") {
  environment::require();
  TestHost host;
  const std::string distro = install(host);
  Json params = startParams(distro);
  params["config"]["process"]["args"] = {"/no/such/init"};
  const Json error = host.callFailing("distro.start", params);
  CHECK(error["message"].get<std::string>().find("/no/such/init") != std::string::npos);
  CHECK(listDirectory(paths::networkNamespaces).empty() && listDirectory(paths::bundles).empty());
  CHECK_EQ(host.call("distro.list", Json::object())["running"].size(), 0U);
  host.call("distro.start", startParams(distro));
  host.call("distro.stop", {{"distro", distro}, {"graceMs", 10'000}});
}

TEST("exec: streams, status and identity") {
  environment::require();
  Started started;
  CHECK_EQ(started.shell("echo hello; cat /etc/hostname; hostname"), "hello\nfake\nfake\n");
  CHECK_EQ(started.status(execHeader(started.distro, "exit 37")), 37);
  CHECK_EQ(started.status(execHeader(started.distro, "kill -9 $$")), 1009);
  CHECK_EQ(started.shell("id -u; id -G; echo $HOME $USER $SHELL; umask"), "0\n0\n/root root /bin/sh\n0022\n");
  const Json ada = {{"user", "ada"}, {"cwd", "~"}};
  CHECK_EQ(started.run(with(execHeader(started.distro, "id -u; id -G; pwd; echo $SHELL"), ada)), "1000\n1000 29\n/home/ada\n/bin/sh\n");
  CHECK_EQ(started.run(with(execHeader(started.distro, "echo through > /dev/stdout"), ada)), "through\n");
  CHECK_EQ(started.run(with(execHeader(started.distro, "pwd"), {{"cwd", "/nowhere"}, {"user", "1000"}})), "/home/ada\n");
  CHECK_EQ(started.run(with(execHeader(started.distro, "echo $TERM"), {{"env", {{"TERM", "vt100"}}}})), "vt100\n");
  const Json unknown = started.host.waitError(started.host.openFrames(with(execHeader(started.distro, ""), {{"user", "eve"}})));
  CHECK_EQ(unknown["code"], "not-found");
  CHECK(unknown.contains("hint"));
}

TEST("exec: programs without a shell, found and not found") {
  environment::require();
  Started started;
  const auto program = [&](const Json& argv) { return with(execHeader(started.distro, ""), {{"shell", "none"}, {"argv", argv}}); };
  CHECK_EQ(started.run(program({"printf", "%s", "a b"})), "a b");
  CHECK_EQ(started.status(program({"no-such-program"})), 127);
  CHECK_EQ(started.status(program({"/etc/passwd"})), 126);
  const uint32_t id = started.host.openFrames(program({"no-such-program"}));
  started.host.waitExit(id);
  CHECK_EQ(started.host.stream(id).error, "tswsl: no-such-program: command not found\n");
}

TEST("exec: a command is in the distro's namespaces and in a cgroup beside its init") {
  environment::require();
  Started started;
  const std::string line = "readlink /proc/self/ns/pid /proc/self/ns/mnt /proc/self/ns/net /proc/self/ns/uts";
  CHECK_EQ(started.shell(line), started.shell("readlink /proc/1/ns/pid /proc/1/ns/mnt /proc/1/ns/net /proc/1/ns/uts"));
  CHECK_EQ(started.shell("cat /proc/self/cgroup | tail -1"), "0::/../commands\n");
  CHECK_EQ(started.shell("cat /proc/self/oom_score_adj; ls /proc/self/fd | wc -l"), "0\n4\n");
  CHECK_EQ(started.shell("cat /proc/1/cmdline | tr '\\0' ' '"), "/run/tswsl/init ");
  CHECK(started.shell("ls /sys/class/net 2>/dev/null; cat /proc/net/dev | grep -c eth0") == "1\n");
}

TEST("exec: a terminal with a name, a size, job control and its own session") {
  environment::require();
  Started started;
  TestHost& host = started.host;
  const Json header = with(execHeader(started.distro, "tty; stty size; ps -o tty= -p $$; read x; stty size; exec sleep 1000"), onTerminal);
  const uint32_t id = host.openFrames(header);
  host.until([&] { return host.stream(id).output.find("pts/0\r\n24 80\r\n") != std::string::npos; }, "the terminal's name and size");
  host.sendFrame(id, Type::resize, std::string("\0\x32\0\x84", 4));
  host.sendFrame(id, Type::standardInput, "\n");
  host.until([&] { return host.stream(id).output.find("50 132\r\n") != std::string::npos; }, "the new size");
  host.sendFrame(id, Type::standardInput, "\x03");
  const int status = host.waitExit(id);
  CHECK_EQ(status, 1002);
}

TEST("exec: a signal frame goes to the terminal's foreground group") {
  environment::require();
  Started started;
  TestHost& host = started.host;
  const uint32_t id = host.openFrames(with(execHeader(started.distro, "trap 'echo caught; exit 4' USR1; echo ready; while :; do sleep 0.1; done"), onTerminal));
  host.until([&] { return host.stream(id).output.find("ready") != std::string::npos; }, "ready");
  host.sendFrame(id, Type::signal, std::string(1, SIGUSR1));
  // The sleep in the same group dies of it, the shell catches it.
  CHECK_EQ(host.waitExit(id), 4);
  CHECK(host.stream(id).output.find("caught") != std::string::npos);
}

TEST("exec: some channels on the terminal, some on pipes") {
  environment::require();
  Started started;
  TestHost& host = started.host;
  const Json mixed = {{"tty", {{"rows", 24}, {"columns", 80}}}, {"stdin", "tty"}, {"stderr", "tty"}};
  const uint32_t id = host.openFrames(with(execHeader(started.distro, "echo out; echo err >&2; echo dev > /dev/tty; test -t 0 && ! test -t 1 && test -t 2"), mixed));
  CHECK_EQ(host.waitExit(id), 0);
  CHECK_EQ(host.stream(id).output, "out\n");
  CHECK_EQ(host.stream(id).error, "err\r\ndev\r\n");
}

TEST("exec: end of file typed on a terminal") {
  environment::require();
  Started started;
  TestHost& host = started.host;
  const uint32_t id = host.openFrames(with(execHeader(started.distro, "cat; echo ended"), onTerminal));
  host.sendFrame(id, Type::standardInput, "line\n");
  host.until([&] { return host.stream(id).output.find("line\r\nline\r\n") != std::string::npos; }, "the echo");
  host.sendFrame(id, Type::standardInput);
  CHECK_EQ(host.waitExit(id), 0);
  CHECK(host.stream(id).output.find("ended") != std::string::npos);
}

TEST("exec: a login shell is told so by its name") {
  environment::require();
  Started started;
  CHECK_EQ(started.run(with(execHeader(started.distro, "echo $0"), {{"shell", "login"}})), "-sh\n");
}

TEST("exec: what the peer leaves is hung up; what ignores that lives on") {
  environment::require();
  Started started;
  TestHost& host = started.host;
  int seconds = 4700;
  for (const Json& channels : {Json::object(), onTerminal}) {
    const std::string plain = "sleep " + std::to_string(++seconds);
    const std::string stubborn = "sleep " + std::to_string(++seconds);
    for (const auto& line : {"echo ready; exec " + plain, "trap '' HUP; echo ready; exec " + stubborn}) {
      const uint32_t id = host.openFrames(with(execHeader(started.distro, line), channels));
      host.until([&] { return host.stream(id).output.find("ready") != std::string::npos; }, "ready");
      host.resetStream(id);
    }
    const auto count = [&](const std::string& command) { return started.shell("pgrep -x -f '" + command + "' | wc -l"); };
    host.until([&] { return count(plain) == "0\n"; }, "the hang-up");
    CHECK_EQ(count(stubborn), "1\n");
  }
  CHECK_EQ(host.call("distro.list", Json::object())["running"][0]["commands"], 0);
}

TEST("exec: orphans are reaped by the distro's init") {
  environment::require();
  Started started;
  started.shell("for i in 1 2 3; do (sh -c 'sleep 0.05 &' &) ; done");
  started.host.until([&] { return started.shell("ps -eo stat= | grep -c Z; true") == "0\n"; }, "the orphans");
}

TEST("distro: when it ends its commands are told why") {
  environment::require();
  Started started;
  TestHost& host = started.host;
  const uint32_t stopped = host.openFrames(execHeader(started.distro, "echo ready; exec sleep 1000"));
  host.until([&] { return host.stream(stopped).output == "ready\n"; }, "ready");
  CHECK_EQ(host.call("distro.list", Json::object())["running"][0]["commands"], 1);
  host.call("distro.stop", {{"distro", started.distro}, {"graceMs", 10'000}});
  CHECK_EQ(host.waitError(stopped)["code"], "disconnected");
  started.pid = host.call("distro.start", startParams(started.distro))["pid"];
  const uint32_t crashed = host.openFrames(with(execHeader(started.distro, "echo ready; exec sleep 1000"), onTerminal));
  host.until([&] { return host.stream(crashed).output == "ready\r\n"; }, "ready");
  ::kill(started.pid, SIGKILL);
  CHECK_EQ(host.waitError(crashed)["code"], "disconnected");
  host.waitNotification("distro.exited");
  CHECK_EQ(host.waitNotification("distro.exited")["status"], 137);
  CHECK_EQ(host.call("distro.list", Json::object())["running"].size(), 0U);
}

TEST("distro: an init that does not listen is killed after its grace") {
  environment::require();
  TestHost host;
  const std::string distro = install(host);
  Json params = startParams(distro);
  params["config"]["process"]["args"] = {"/bin/sleep", "1000"};
  host.call("distro.start", params);
  host.call("distro.stop", {{"distro", distro}, {"graceMs", 1}});
  CHECK_EQ(host.waitNotification("distro.exited")["status"], 137);
}

TEST("session: the host's commands end with it, distros go on") {
  environment::require();
  Started started;
  TestHost& host = started.host;
  const uint32_t id = host.openFrames(execHeader(started.distro, "echo ready; exec sleep 4713"));
  host.until([&] { return host.stream(id).output == "ready\n"; }, "ready");
  host.disconnect();
  host.connect();
  CHECK_EQ(host.call("distro.list", Json::object())["running"][0]["distro"], started.distro);
  host.until([&] { return started.shell("pgrep -x -f 'sleep 4713' | wc -l") == "0\n"; }, "the hang-up");
}

TEST("power off: every distro is stopped, then the answer is sent") {
  environment::require();
  Started started;
  bool off = false;
  started.host.agent().services().powerOff = [&] { off = true; };
  started.host.call("vm.powerOff", {{"graceMs", 10'000}});
  CHECK(off);
  CHECK_EQ(started.host.call("distro.list", Json::object())["running"].size(), 0U);
}
