#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "base/failure.h"
#include "base/files.h"
#include "distro/rooted_files.h"
#include "exec/descriptor_passing.h"
#include "exec/enter_distro.h"
#include "exec/login.h"
#include "exec/terminal.h"
#include "tools/host_path.h"
#include "tools/path_translation.h"

namespace tswsl {
namespace {

constexpr size_t maxAccountFile = 4 * 1024 * 1024;
constexpr size_t maxLocaleFile = 64 * 1024;
constexpr size_t maxMountInfo = 16 * 1024 * 1024;
constexpr const char* fallbackShell = "/bin/sh";

// As shells have it: POSIX, Shell Command Language, 2.8.2.
constexpr int statusNotFound = 127;
constexpr int statusNotExecutable = 126;

Account lookUp(const RootedFiles& files, const std::string& user) {
  const auto account = findAccount(files.read("/etc/passwd", maxAccountFile).value_or(""), user);
  if (account) return *account;
  // A root file system without a user database still has root, and files may belong to any number.
  if (user == "root") return {"root", 0, 0, "/root", fallbackShell};
  if (const auto uid = parseId(user)) return {user, *uid, *uid, "/", fallbackShell};
  throw Failure(Code::notFound, "the distribution has no user " + user,
                "`tswsl -u root -- cat /etc/passwd` lists its users; `useradd` makes one");
}

/** LANG as the distro's sessions have it: Debian's place for it, then systemd's. UTF-8 when it has not been set. */
std::string distroLocale(const RootedFiles& files) {
  for (const char* path : {"/etc/default/locale", "/etc/locale.conf"}) {
    if (const auto lang = localeOf(files.read(path, maxLocaleFile).value_or(""))) return *lang;
  }
  return "C.UTF-8";
}

/** The standard streams: pipes that the user owns, so that /dev/stdout can be opened, or the terminal. */
void connectStreams(const Channels& channels, const Terminal& terminal, const Account& account) {
  const auto connect = [&](int number, bool onTerminal, int pipe) {
    const int from = onTerminal ? terminal.slave.get() : pipe;
    ::fchown(from, account.uid, onTerminal ? static_cast<gid_t>(-1) : account.gid);
    checked(::dup2(from, number), "cannot connect the standard streams");
  };
  connect(STDIN_FILENO, channels.inputIsTerminal, inherited::input);
  connect(STDOUT_FILENO, channels.outputIsTerminal, inherited::output);
  connect(STDERR_FILENO, channels.errorIsTerminal, inherited::error);
}

void takeIdentity(const Account& account, const std::vector<gid_t>& groups) {
  checked(::setgroups(groups.size(), groups.data()), "cannot set the groups");
  checked(::setresgid(account.gid, account.gid, account.gid), "cannot set the group");
  checked(::setresuid(account.uid, account.uid, account.uid), "cannot set the user");
}

/** Where this distro has what the host's user knows as a folder of a drive; as it is when nothing shows it. */
std::string asLinuxDirectory(const std::string& cwd) {
  if (!hasDrive(cwd)) return cwd;
  const auto mounts = parseMountInfo(readFile("/proc/self/mountinfo", maxMountInfo).value_or(""));
  return toLinuxPath({mounts, "", "/", [](const std::string& path) { return path; }}, cwd, true).value_or(cwd);
}

void changeDirectory(const std::string& cwd, const std::string& home) {
  for (const auto& directory : workingDirectories(asLinuxDirectory(cwd), home)) {
    if (!directory.empty() && ::chdir(directory.c_str()) == 0) return;
  }
}

std::vector<char*> pointersTo(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  // execve takes char* for historical reasons and does not write to it.
  for (const auto& text : strings) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

[[noreturn]] void execute(const Program& program, const std::vector<std::string>& environment) {
  std::vector<char*> variables = pointersTo(environment);
  // The search goes by PATH of the environment in force.
  ::environ = variables.data();
  ::execvp(program.file.c_str(), pointersTo(program.argv).data());
  const int error = errno;
  const std::string why = error == ENOENT ? "command not found" : std::strerror(error);
  const std::string complaint = "tswsl: " + program.file + ": " + why + "\n";
  const ssize_t ignored = ::write(STDERR_FILENO, complaint.data(), complaint.size());
  static_cast<void>(ignored);
  ::_exit(error == ENOENT ? statusNotFound : statusNotExecutable);
}

}  // namespace

void becomeCommand(const ExecRequest& request) {
  ::setsid();
  const RootedFiles files("/");
  Account account = lookUp(files, request.user);
  if (account.shell.empty() || !files.isExecutable(account.shell)) account.shell = fallbackShell;
  const auto groups = groupsOf(files.read("/etc/group", maxAccountFile).value_or(""), account.name, account.gid);
  Terminal terminal;
  if (request.channels.anyTerminal()) {
    const bool hasKeyboard = request.channels.inputIsTerminal;
    terminal = openTerminal(request.size, hasKeyboard);
    // A question on /dev/tty that nobody can answer must fail, not wait for ever.
    if (hasKeyboard) takeControl(terminal.slave);
    sendMessage(inherited::report, std::string(1, reports::terminal), terminal.master.get());
  }
  connectStreams(request.channels, terminal, account);
  takeIdentity(account, groups);
  changeDirectory(request.cwd, account.home);
  execute(programOf(request, account.shell), loginEnvironment(request, account, distroLocale(files)));
}

}  // namespace tswsl
