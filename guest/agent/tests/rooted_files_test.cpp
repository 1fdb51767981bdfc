#include "distro/rooted_files.h"

#include <sys/stat.h>

#include <cstdlib>

#include "base/failure.h"
#include "base/files.h"
#include "harness.h"

using namespace tswsl;

namespace {

/** A root full of traps, removed at the end. */
struct Root {
  Root() {
    char name[] = "/tmp/tswsl-root-XXXXXX";
    CHECK(::mkdtemp(name) != nullptr);
    path = name;
    for (const char* directory : {"/etc", "/usr", "/usr/lib", "/bin"}) makeDirectories(path + directory);
  }
  ~Root() { removeTree(path); }
  void link(const char* target, const std::string& at) const { CHECK_EQ(::symlink(target, (path + at).c_str()), 0); }
  std::string path;
};

}  // namespace

TEST("rooted files: links resolve inside the root, absolute or not") {
  const Root root;
  writeFile(root.path + "/usr/lib/os-release", "ID=test\n");
  root.link("../usr/lib/os-release", "/etc/os-release");
  root.link("/usr/lib/os-release", "/etc/absolute");
  root.link("../../../../../../../../etc/passwd", "/etc/escape");
  root.link("/etc/passwd", "/etc/outside");
  const RootedFiles files(root.path);
  CHECK_EQ(files.read("/etc/os-release", 100).value(), "ID=test\n");
  CHECK_EQ(files.read("/etc/absolute", 100).value(), "ID=test\n");
  CHECK(!files.read("/etc/escape", 100).has_value());
  CHECK(!files.read("/etc/outside", 100).has_value());
  CHECK(!files.read("/../../etc/passwd", 100).has_value());
  CHECK(!files.exists("/etc/shadow"));
}

TEST("rooted files: only regular files of bounded size are read") {
  const Root root;
  CHECK_EQ(::mkfifo((root.path + "/etc/fifo").c_str(), 0600), 0);
  writeFile(root.path + "/etc/large", std::string(1001, 'x'));
  writeFile(root.path + "/etc/exact", std::string(1000, 'x'));
  root.link("loop", "/etc/loop");
  const RootedFiles files(root.path);
  CHECK(test::thrown<Failure>([&] { files.read("/etc/fifo", 1000); }).code == Code::invalidArgument);
  CHECK(test::thrown<Failure>([&] { files.read("/etc", 1000); }).code == Code::invalidArgument);
  CHECK(test::thrown<Failure>([&] { files.read("/etc/large", 1000); }).code == Code::invalidArgument);
  CHECK(test::thrown<Failure>([&] { files.read("/etc/loop", 1000); }).code == Code::invalidArgument);
  CHECK_EQ(files.read("/etc/exact", 1000)->size(), 1000U);
}

TEST("rooted files: writing replaces links and stays inside") {
  const Root root;
  const std::string outside = root.path + "-outside";
  writeFile(outside, "precious");
  root.link(outside.c_str(), "/etc/resolv.conf");
  root.link("/", "/etc/up");
  const RootedFiles files(root.path);
  files.write("/etc/resolv.conf", "nameserver 10.0.0.1\n", 0644);
  files.write("/etc/up/etc/through", "inside", 0600);
  files.write("/new/deep/file", "made", 0755);
  CHECK_EQ(readFile(outside).value(), "precious");
  CHECK_EQ(readFile(root.path + "/etc/resolv.conf").value(), "nameserver 10.0.0.1\n");
  CHECK_EQ(readFile(root.path + "/etc/through").value(), "inside");
  CHECK_EQ(readFile(root.path + "/new/deep/file").value(), "made");
  struct stat status {};
  CHECK_EQ(::lstat((root.path + "/new/deep/file").c_str(), &status), 0);
  CHECK_EQ(status.st_mode & 07777, 0755U);
  CHECK_EQ(listDirectory(root.path + "/etc").size(), 3U);
  ::unlink(outside.c_str());
}

TEST("rooted files: paths that name no file are refused") {
  const Root root;
  const RootedFiles files(root.path);
  for (const char* path : {"", "relative", "/", "/etc/", "/etc/..", "/etc/."}) {
    CHECK(test::thrown<Failure>([&] { files.write(path, "x", 0644); }).code == Code::invalidArgument);
  }
  test::thrown<Failure>([&] { files.write("/etc", "x", 0644); });
}

TEST("rooted files: executables") {
  const Root root;
  writeFile(root.path + "/bin/sh", "#!", 0755);
  writeFile(root.path + "/bin/text", "#!", 0644);
  const RootedFiles files(root.path);
  CHECK(files.isExecutable("/bin/sh"));
  CHECK(!files.isExecutable("/bin/text"));
  CHECK(!files.isExecutable("/bin"));
  CHECK(!files.isExecutable("/bin/none"));
}

TEST("rooted files: a link is made where there is room for it, and nowhere else") {
  const Root root;
  writeFile(root.path + "/bin/taken", "the distribution's own");
  root.link("usr", "/link");
  const RootedFiles files(root.path);
  CHECK(files.linkIfAbsent("/bin/tool", "/run/tool"));
  CHECK(!files.linkIfAbsent("/bin/tool", "/run/other"));
  CHECK(!files.linkIfAbsent("/bin/taken", "/run/tool"));
  CHECK(!files.linkIfAbsent("/absent/tool", "/run/tool"));
  CHECK(files.linkIfAbsent("/link/lib/tool", "/run/tool"));
  char target[100] = {};
  CHECK_EQ(::readlink((root.path + "/bin/tool").c_str(), target, sizeof target), 9);
  CHECK_EQ(std::string(target), "/run/tool");
  CHECK_EQ(readFile(root.path + "/bin/taken").value(), "the distribution's own");
  CHECK(pathExists(root.path + "/usr/lib/tool"));
}
