#include <signal.h>

#include "distros.h"
#include "environment.h"
#include "harness.h"

using namespace tswsl;
using namespace distros;
using frames::Type;

TEST("exec: streams, status and identity") {
  environment::require();
  Started started;
  CHECK_EQ(started.shell("echo hello; cat /etc/hostname; hostname"), "hello\nfake\nfake\n");
  CHECK_EQ(started.status(execHeader(started.distro, "exit 37")), 37);
  CHECK_EQ(started.status(execHeader(started.distro, "kill -9 $$")), 1009);
  CHECK_EQ(started.shell("id -u; id -G; echo $HOME $USER $SHELL; umask"), "0\n0\n/root root /bin/sh\n0022\n");
  const Json ada = {{"user", "ada"}, {"cwd", "~"}};
  CHECK_EQ(started.run(with(execHeader(started.distro, "id -u; id -G; pwd; echo $SHELL"), ada)),
           "1000\n1000 29\n/home/ada\n/bin/sh\n");
  CHECK_EQ(started.run(with(execHeader(started.distro, "echo through > /dev/stdout"), ada)), "through\n");
  CHECK_EQ(started.run(with(execHeader(started.distro, "pwd"), {{"cwd", "/nowhere"}, {"user", "1000"}})),
           "/home/ada\n");
  CHECK_EQ(started.run(with(execHeader(started.distro, "echo $TERM"), {{"env", {{"TERM", "vt100"}}}})), "vt100\n");
  const Json unknown =
      started.host.waitError(started.host.openFrames(with(execHeader(started.distro, ""), {{"user", "eve"}})));
  CHECK_EQ(unknown["code"], "not-found");
  CHECK(unknown.contains("hint"));
}

TEST("exec: programs without a shell, found and not found") {
  environment::require();
  Started started;
  const auto program = [&](const Json& argv) {
    return with(execHeader(started.distro, ""), {{"shell", "none"}, {"argv", argv}});
  };
  CHECK_EQ(started.run(program({"printf", "%s", "a b"})), "a b");
  CHECK_EQ(started.status(program({"no-such-program"})), 127);
  CHECK_EQ(started.status(program({"/etc/passwd"})), 126);
  const uint32_t id = started.host.openFrames(program({"no-such-program"}));
  started.host.waitExit(id);
  CHECK_EQ(started.host.stream(id).error, "tswsl: no-such-program: command not found\n");
}

TEST("exec: a command is in the distro's namespaces and in a cgroup of its own") {
  environment::require();
  Started started;
  const std::string line = "readlink /proc/self/ns/pid /proc/self/ns/mnt /proc/self/ns/net /proc/self/ns/uts";
  CHECK_EQ(started.shell(line), started.shell("readlink /proc/1/ns/pid /proc/1/ns/mnt /proc/1/ns/net /proc/1/ns/uts"));
  CHECK_EQ(started.shell("cat /proc/self/cgroup | tail -1"), "0::/commands\n");
  CHECK_EQ(started.shell("cat /proc/1/cgroup | tail -1"), "0::/init.scope\n");
  CHECK_EQ(started.shell("cat /proc/self/oom_score_adj; ls /proc/self/fd | wc -l"), "0\n4\n");
  CHECK_EQ(started.shell("cat /proc/1/cmdline | tr '\\0' ' '"), "/run/tswsl/init ");
  CHECK(started.shell("ls /sys/class/net 2>/dev/null; cat /proc/net/dev | grep -c eth0") == "1\n");
}

TEST("exec: a terminal with a name, a size, job control and its own session") {
  environment::require();
  Started started;
  TestHost& host = started.host;
  const Json header = with(
      execHeader(started.distro, "tty; stty size; ps -o tty= -p $$; read x; stty size; exec sleep 1000"), onTerminal());
  const uint32_t id = host.openFrames(header);
  host.until([&] { return host.stream(id).output.find("pts/0\r\n24 80\r\n") != std::string::npos; },
             "the terminal's name and size");
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
  const uint32_t id = host.openFrames(
      with(execHeader(started.distro, "trap 'echo caught; exit 4' USR1; echo ready; while :; do sleep 0.1; done"),
           onTerminal()));
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
  const uint32_t id = host.openFrames(with(
      execHeader(started.distro, "echo out; echo err >&2; echo dev > /dev/tty; test -t 0 && ! test -t 1 && test -t 2"),
      mixed));
  CHECK_EQ(host.waitExit(id), 0);
  CHECK_EQ(host.stream(id).output, "out\n");
  CHECK_EQ(host.stream(id).error, "err\r\ndev\r\n");
}

TEST("exec: a terminal without a keyboard shows what is written, asks nothing, and tells its size") {
  environment::require();
  Started started;
  TestHost& host = started.host;
  const Json screen = with(onTerminal(), {{"stdin", "pipe"}});
  const std::string line =
      "trap 'stty size <&1; exit 3' WINCH; test -t 1 && ! test -t 0 && ! (: >/dev/tty) 2>/dev/null && echo ready; "
      "while :; do sleep 0.1; done";
  const uint32_t id = host.openFrames(with(execHeader(started.distro, line), screen));
  host.until([&] { return host.stream(id).output == "ready\n"; }, "ready");
  host.sendFrame(id, Type::resize, std::string("\0\x32\0\x84", 4));
  CHECK_EQ(host.waitExit(id), 3);
  CHECK_EQ(host.stream(id).output, "ready\n50 132\n");
}

TEST("exec: end of file typed on a terminal") {
  environment::require();
  Started started;
  TestHost& host = started.host;
  const uint32_t id = host.openFrames(with(execHeader(started.distro, "cat; echo ended"), onTerminal()));
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
  for (const Json& channels : {Json::object(), onTerminal(), with(onTerminal(), {{"stdin", "pipe"}})}) {
    const std::string plain = "sleep " + std::to_string(++seconds);
    const std::string stubborn = "sleep " + std::to_string(++seconds);
    for (const auto& line : {"echo ready; exec " + plain, "trap '' HUP; echo ready; exec " + stubborn}) {
      const uint32_t id = host.openFrames(with(execHeader(started.distro, line), channels));
      host.until([&] { return host.stream(id).output.find("ready") != std::string::npos; }, "ready");
      host.resetStream(id);
    }
    const auto count = [&](const std::string& command) {
      return started.shell("pgrep -x -f '" + command + "' | wc -l");
    };
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

TEST("exec: a command joins the group it is told, or its usual one when that is gone") {
  environment::require();
  Started started;
  started.shell("mkdir -p /sys/fs/cgroup/user.slice/session-1.scope");
  const auto inGroup = [&](const Json& group) {
    return started.run(with(execHeader(started.distro, "tail -n 1 /proc/self/cgroup"), {{"cgroup", group}}));
  };
  CHECK_EQ(inGroup("/user.slice/session-1.scope"), "0::/user.slice/session-1.scope\n");
  CHECK_EQ(inGroup("/user.slice/session-2.scope"), "0::/commands\n");
  for (const char* bad : {"user.slice", "/../other/init", "/user.slice/..", ""}) {
    const Json header = with(execHeader(started.distro, "true"), {{"cgroup", bad}});
    CHECK_EQ(started.host.waitError(started.host.openFrames(header))["code"], "invalid-argument");
  }
}
