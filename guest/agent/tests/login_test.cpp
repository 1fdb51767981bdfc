#include "exec/login.h"

#include "exec/account_files.h"
#include "exec/exec_request.h"
#include "harness.h"
#include "rpc/params.h"

using namespace tswsl;

namespace {

constexpr const char* passwd =
    "root:x:0:0:root:/root:/bin/bash\n"
    "broken line\n"
    "bad:x:notanumber:0::/:/bin/sh\n"
    "ada:x:1000:1000:Ada,,,:/home/ada:/usr/bin/fish\n"
    "1000:x:1001:1001::/home/digits:/bin/sh\n"
    "minus:x:4294967295:0::/:/bin/sh\n";

Json header() {
  return {{"kind", "exec"},
          {"distro", "0f0f0f0f-0000-4000-8000-000000000001"},
          {"user", "ada"},
          {"cwd", "~"},
          {"shell", "standard"},
          {"argv", {"echo hi"}},
          {"env", {{"TERM", "xterm"}}},
          {"cgroup", nullptr},
          {"tty", nullptr},
          {"stdin", "pipe"},
          {"stdout", "pipe"},
          {"stderr", "pipe"}};
}

}  // namespace

TEST("accounts: by name, then by number; names win, broken lines are passed over") {
  CHECK_EQ(findAccount(passwd, "ada")->uid, 1000U);
  CHECK_EQ(findAccount(passwd, "ada")->shell, "/usr/bin/fish");
  CHECK_EQ(findAccount(passwd, "0")->name, "root");
  CHECK_EQ(findAccount(passwd, "1000")->home, "/home/digits");
  CHECK(!findAccount(passwd, "bad").has_value());
  CHECK(!findAccount(passwd, "minus").has_value());
  CHECK(!findAccount(passwd, "").has_value());
  CHECK(!findAccount("", "root").has_value());
}

TEST("accounts: supplementary groups, the primary one first and once") {
  const std::string group =
      "wheel:x:10:root,ada\nada:x:1000:\nusers:x:100:ada\nbad:x:y:ada\nagain:x:1000:ada\nnear:x:11:adam\n";
  const std::vector<gid_t> expected = {1000, 10, 100};
  CHECK(groupsOf(group, "ada", 1000) == expected);
}

TEST("login: argv by kind of shell") {
  ExecRequest request = parseExecRequest(header());
  CHECK(programOf(request, "/bin/sh").argv == (std::vector<std::string>{"/bin/sh", "-c", "echo hi"}));
  request.shell = ExecRequest::Shell::login;
  CHECK(programOf(request, "/usr/bin/fish").argv == (std::vector<std::string>{"-fish", "-c", "echo hi"}));
  request.argv.clear();
  CHECK(programOf(request, "/bin/sh").argv == std::vector<std::string>{"-sh"});
  CHECK_EQ(programOf(request, "/bin/sh").file, "/bin/sh");
  request.shell = ExecRequest::Shell::none;
  request.argv = {"ls", "-l"};
  CHECK_EQ(programOf(request, "/bin/sh").file, "ls");
}

TEST("login: environment, the request's own values winning") {
  ExecRequest request = parseExecRequest(header());
  request.env["HOME"] = "/elsewhere";
  const auto environment = loginEnvironment(request, {"ada", 1000, 1000, "/home/ada", "/bin/sh"}, "C.UTF-8");
  const auto has = [&](const std::string& entry) {
    return std::find(environment.begin(), environment.end(), entry) != environment.end();
  };
  CHECK(has("HOME=/elsewhere") && has("USER=ada") && has("LOGNAME=ada") && has("SHELL=/bin/sh") && has("TERM=xterm"));
  CHECK(has("LANG=C.UTF-8"));
  CHECK_EQ(environment.size(), 7U);
}

TEST("login: the locale of a distro, quoted or not, the last one counting") {
  CHECK_EQ(localeOf("LANG=de_DE.UTF-8\n").value(), "de_DE.UTF-8");
  CHECK_EQ(localeOf("#  LANG=no\nLC_ALL=x\nLANG=\"en_US.UTF-8\"").value(), "en_US.UTF-8");
  CHECK_EQ(localeOf("LANG='C.UTF-8'\nLANG=fr_FR.UTF-8\n").value(), "fr_FR.UTF-8");
  CHECK(!localeOf("").has_value());
  CHECK(!localeOf("LANG=\nLANG=\"\"\nLANGUAGE=de\n\n").has_value());
  CHECK(!localeOf(std::string_view("LANG=a\0b\n", 9)).has_value());
}

TEST("login: working directories fall back to home, then to the root") {
  CHECK(workingDirectories("/srv", "/home/ada") == (std::vector<std::string>{"/srv", "/home/ada", "/"}));
  CHECK(workingDirectories("~/src", "/home/ada") == (std::vector<std::string>{"/home/ada/src", "/home/ada", "/"}));
  CHECK(workingDirectories("~", "/home/ada") == (std::vector<std::string>{"/home/ada", "/"}));
  CHECK(workingDirectories("relative", "/home/ada") == (std::vector<std::string>{"/home/ada", "/"}));
}

TEST("exec header: every member is checked") {
  parseExecRequest(header());
  const auto refused = [](const char* member, const Json& value) {
    Json changed = header();
    changed[member] = value;
    test::thrown<InvalidParams>([&] { parseExecRequest(changed); });
  };
  refused("distro", "../x");
  refused("user", 7);
  refused("shell", "zsh");
  refused("argv", {"a", "b"});
  refused("argv", {1});
  refused("argv", {std::string("a\0b", 3)});
  refused("env", {{"A=B", "x"}});
  refused("env", {{"A", 1}});
  refused("tty", {{"rows", -1}, {"columns", 80}});
  refused("tty", {{"rows", 70000}, {"columns", 80}});
  refused("stdin", "file");
  Json none = header();
  none["shell"] = "none";
  none["argv"] = Json::array();
  test::thrown<InvalidParams>([&] { parseExecRequest(none); });
}
