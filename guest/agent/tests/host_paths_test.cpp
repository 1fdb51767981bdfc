#include <linux/mount.h>

#include "base/failure.h"
#include "base/split.h"
#include "files/export_name.h"
#include "files/mount_info.h"
#include "harness.h"
#include "tools/drvfs_options.h"
#include "tools/host_path.h"
#include "tools/path_translation.h"

using namespace tswsl;

namespace {

constexpr const char* onWindows =
    "20 1 0:18 / / rw,relatime - btrfs /dev/sdb rw\n"
    "30 20 0:40 / /run/tswsl/host rw - 9p tswsl rw\n"
    "31 20 0:40 /path=C%3A%5C;uid=1000;symlinkroot=%2Fmnt%2F /mnt/c rw,noatime - 9p tswsl rw,trans=fd\n"
    "32 20 0:40 /path=D%3A%5C/Games\\040and\\134more /mnt/games rw - 9p tswsl rw\n"
    "33 20 0:40 /path=%5C%5Cserver%5Cshare /mnt/share ro - 9p tswsl rw\n"
    "34 20 0:41 / /mnt/c/inside rw - tmpfs  rw\n"
    "odd line\n";

constexpr const char* onLinux =
    "20 1 0:18 / / rw - btrfs /dev/sdb rw\n"
    "31 20 0:40 /path=%2F /mnt/host rw - 9p tswsl rw\n"
    "32 20 0:40 /path=%2Fhome;ro/me /mnt/me ro - 9p tswsl rw\n";

PathWorld world(const char* mounts) {
  return {parseMountInfo(mounts), "Fake", "/mnt/c/Users", [](const std::string& path) { return path; }};
}

std::string linuxPath(const char* mounts, const char* path, bool absolute = false) {
  return toLinuxPath(world(mounts), path, absolute).value_or("(nothing)");
}

std::string hostPath(const char* mounts, const char* path, bool absolute = false) {
  return toHostPath(world(mounts), path, absolute).value_or("(nothing)");
}

}  // namespace

TEST("export names: there and back") {
  const ExportName drive{"C:\\", {"uid=1000", "metadata", "symlinkroot=/mnt/"}};
  CHECK_EQ(encodeExportName(drive), "path=C%3A%5C;uid=1000;metadata;symlinkroot=%2Fmnt%2F");
  CHECK_EQ(encodeExportName({"/home/\xc3\xa4 ~", {}}), "path=%2Fhome%2F%C3%A4%20~");
  const auto decoded = decodeExportPath(encodeExportName(drive) + "/sub/x");
  CHECK(decoded && decoded->name.path == drive.path && decoded->name.options == drive.options);
  CHECK_EQ(decoded->below, "/sub/x");
}

TEST("export names: a long one goes on from directory to directory") {
  const ExportName deep{"C:\\" + std::string(600, 'x') + "\\\xc3\xbc", {"uid=1000"}};
  const std::string path = encodeExportName(deep);
  CHECK(path.starts_with("more=path=C%3A%5Cxx"));
  for (const auto name : split(path, '/')) CHECK(name.size() <= 255);
  const auto decoded = decodeExportPath(path + "/below");
  CHECK(decoded && decoded->name.path == deep.path && decoded->name.options == deep.options);
  CHECK_EQ(decoded->below, "/below");
}

TEST("export names: what is none, and what is too long") {
  for (const char* text : {"", "path", "path=", "path=%2", "path=%2f", "path=%00", "path=%2F;", "other=%2F", "more=path=%2F",
                           "more=path=%2F/", "more=/x"}) {
    CHECK(!decodeExportPath(text));
  }
  test::thrown<Failure>([] { encodeExportName({std::string(1200, '/'), {}}); });
}

TEST("mountinfo: escapes, options, an empty source, lines that are none") {
  const auto mounts = parseMountInfo(onWindows);
  CHECK_EQ(mounts.size(), 6U);
  CHECK_EQ(mounts[3].root, "/path=D%3A%5C/Games and\\more");
  CHECK(mounts[4].readOnly && !mounts[3].readOnly);
  CHECK_EQ(mounts[5].type, "tmpfs");
  CHECK_EQ(coveringMount(mounts, "/mnt/c/inside/x")->device, "0:41");
  CHECK_EQ(coveringMount(mounts, "/mnt/cc")->mountPoint, "/");
  CHECK(mountAt(mounts, "/mnt") == nullptr);
  const auto twice = parseMountInfo("1 1 0:1 / /a rw shared:1 master:2 - tmpfs a rw\n2 1 0:2 / /a rw - 9p b rw\n");
  CHECK_EQ(mountAt(twice, "/a")->device, "0:2");
  CHECK_EQ(coveringMount(twice, "/a/b")->device, "0:2");
}

TEST("wslpath: Windows to Linux") {
  CHECK_EQ(linuxPath(onWindows, "C:\\"), "/mnt/c/");
  CHECK_EQ(linuxPath(onWindows, "C:"), "/mnt/c");
  CHECK_EQ(linuxPath(onWindows, "c:\\Foo\\"), "/mnt/c/Foo/");
  CHECK_EQ(linuxPath(onWindows, "C:/Foo/bar"), "/mnt/c/Foo/bar");
  CHECK_EQ(linuxPath(onWindows, "\\\\?\\C:\\Users\\"), "/mnt/c/Users/");
  CHECK_EQ(linuxPath(onWindows, "D:\\games AND\\x"), "(nothing)");
  CHECK_EQ(linuxPath(onWindows, "\\\\Server\\share\\a"), "/mnt/share/a");
  CHECK_EQ(linuxPath(onWindows, "//server/share/"), "/mnt/share/");
  CHECK_EQ(linuxPath(onWindows, "X:\\"), "(nothing)");
  CHECK_EQ(linuxPath(onWindows, "Foo\\bar"), "Foo/bar");
  CHECK_EQ(linuxPath(onWindows, "Foo\\bar", true), "/mnt/c/Users/Foo/bar");
}

TEST("wslpath: the distro's own files, under the names that Windows has for them") {
  CHECK_EQ(linuxPath(onWindows, "\\\\wsl.localhost\\Fake"), "/");
  CHECK_EQ(linuxPath(onWindows, "\\\\wsl$\\fake\\root"), "/root");
  CHECK_EQ(linuxPath(onWindows, "//tswsl$/Fake/a/"), "/a/");
  CHECK_EQ(linuxPath(onWindows, "\\\\wsl.localhost\\FakeX\\foo"), "(nothing)");
  CHECK_EQ(linuxPath(onWindows, "\\\\tswsl$\\Fake\\a\xef\x80\xbaz"), "/a:z");
  CHECK_EQ(hostPath(onWindows, "/"), "\\\\tswsl$\\Fake\\");
  CHECK_EQ(hostPath(onWindows, "/proc/1/"), "\\\\tswsl$\\Fake\\proc\\1\\");
  CHECK_EQ(hostPath(onWindows, "/a:z"), "\\\\tswsl$\\Fake\\a\xef\x80\xbaz");
  CHECK_EQ(hostPath(onWindows, "/mnt/c/inside/x"), "\\\\tswsl$\\Fake\\mnt\\c\\inside\\x");
}

TEST("wslpath: Linux to Windows") {
  CHECK_EQ(hostPath(onWindows, "/mnt/c"), "C:\\");
  CHECK_EQ(hostPath(onWindows, "/mnt/c/"), "C:\\");
  CHECK_EQ(hostPath(onWindows, "/mnt/c/DOESNOTEXIST/"), "C:\\DOESNOTEXIST\\");
  CHECK_EQ(hostPath(onWindows, "/mnt/games/x"), "D:\\Games and\xef\x81\x9cmore\\x");
  CHECK_EQ(hostPath(onWindows, "/mnt/share/a"), "\\\\server\\share\\a");
  CHECK_EQ(hostPath(onWindows, "a/b"), "a\\b");
  CHECK_EQ(hostPath(onWindows, "a/b", true), "C:\\Users\\a\\b");
}

TEST("wslpath: a host that is Linux") {
  CHECK_EQ(linuxPath(onLinux, "/etc"), "/mnt/host/etc");
  CHECK_EQ(linuxPath(onLinux, "/home/me/x"), "/mnt/me/x");
  CHECK_EQ(linuxPath(onLinux, "/home/me"), "/mnt/me");
  CHECK_EQ(linuxPath(onLinux, "~/tswsl/Fake/root"), "/root");
  CHECK_EQ(hostPath(onLinux, "/mnt/host/etc"), "/etc");
  CHECK_EQ(hostPath(onLinux, "/mnt/host"), "/");
  CHECK_EQ(hostPath(onLinux, "/mnt/me/x/"), "/home/me/x/");
  CHECK_EQ(hostPath(onLinux, "/root"), "~/tswsl/Fake/root");
}

TEST("mount.drvfs: what a source means") {
  CHECK_EQ(*hostFolder("C:"), "C:\\");
  CHECK_EQ(*hostFolder("c:/Users/"), "c:\\Users");
  CHECK_EQ(*hostFolder("\\\\server\\share\\"), "\\\\server\\share");
  CHECK_EQ(*hostFolder("//server/share/sub"), "\\\\server\\share\\sub");
  CHECK_EQ(*hostFolder("/home//me/./"), "/home/me");
  CHECK_EQ(*hostFolder("/"), "/");
  for (const char* text : {"", "C:relative", "home", "\\\\server", "\\\\server\\", "\\\\\\share"}) {
    CHECK(!hostFolder(text));
  }
}

TEST("mount.drvfs: options for the server, for the mount, for nobody") {
  const auto options = parseDrvfsOptions("rw,noatime,uid=1000,case=dir,ro,metadata,x-systemd.automount,foo=1", "/mnt/");
  const std::vector<std::string> expected = {"uid=1000", "case=dir", "ro", "metadata", "symlinkroot=/mnt/"};
  CHECK(options.exportOptions == expected);
  CHECK_EQ(options.attributes, uint64_t{MOUNT_ATTR_NOATIME | MOUNT_ATTR_RDONLY});
  CHECK(options.unknown == std::vector<std::string>{"foo=1"});
  CHECK(parseDrvfsOptions("symlinkroot=/a/", "/mnt/").exportOptions == std::vector<std::string>{"symlinkroot=/a/"});
  CHECK(parseDrvfsOptions("", "").exportOptions.empty());
}

TEST("wsl.conf: where drives are mounted") {
  CHECK_EQ(automountRoot(""), "/mnt/");
  CHECK_EQ(automountRoot("[automount]\nroot = /windir\n[user]\nroot=/x\n"), "/windir/");
  CHECK_EQ(automountRoot("root=/x\n [ automount ] \r\n root = \"/a b/\"\r\n"), "/a b/");
  CHECK_EQ(automountRoot("[automount]\nroot=relative\n"), "/mnt/");
}
