#include "files/watched.h"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/fd.h"
#include "harness.h"

using namespace tswsl;

namespace {

using Inodes = std::vector<uint64_t>;

/** As the kernel writes it (fs/notify/fdinfo.c), after what every descriptor has. */
constexpr std::string_view description =
    "pos:\t0\nflags:\t00\nmnt_id:\t15\nino:\t1057\n"
    "inotify wd:3 ino:20000000000b5 sdev:2d mask:fc6 ignored_mask:0 fhandle-bytes:c fhandle-type:1 f_handle:b500\n"
    "inotify wd:2 ino:9d sdev:2d mask:800afce ignored_mask:0 \n"
    "inotify wd:1 ino:9d sdev:800003 mask:fc6 ignored_mask:0 \n"
    "inotify wd:4 ino:zz sdev:2d mask:fc6 ignored_mask:0 \n"
    "inotify\n";

}  // namespace

TEST("watched: an inotify descriptor tells the inodes of a file system") {
  CHECK(watchedIn(description, 0x2d) == (Inodes{0x20000000000b5, 0x9d}));
  CHECK(watchedIn(description, 0x800003) == Inodes{0x9d});
  CHECK(watchedIn(description, 1).empty());
  CHECK(watchedIn("", 0x2d).empty());
}

TEST("watched: mountinfo's number of a device is the kernel's") {
  CHECK_EQ(kernelDevice("0:45").value_or(0), uint64_t{45});
  CHECK_EQ(kernelDevice("8:3").value_or(0), uint64_t{0x800003});
  for (const char* text : {"", "8", "8:", ":3", "8:3:1", "8:x", "-8:3"}) CHECK(!kernelDevice(text));
}

TEST("watched: what this process watches is found, each inode once, and no more than asked for") {
  std::array<char, 32> folder{"/tmp/tswsl-watched-XXXXXX"};
  CHECK(::mkdtemp(folder.data()) != nullptr);
  struct stat status{};
  CHECK_EQ(::stat(folder.data(), &status), 0);
  const auto device = kernelDevice(std::to_string(major(status.st_dev)) + ":" + std::to_string(minor(status.st_dev)));
  const auto isFound = [&] {
    const auto inodes = watchedInodes(device.value_or(0), 8192);
    return std::count(inodes.begin(), inodes.end(), status.st_ino);
  };
  CHECK_EQ(isFound(), 0);
  {
    const Fd one(::inotify_init1(IN_CLOEXEC));
    const Fd other(::inotify_init1(IN_CLOEXEC));
    CHECK(::inotify_add_watch(one.get(), folder.data(), IN_CREATE) > 0);
    CHECK(::inotify_add_watch(other.get(), folder.data(), IN_DELETE) > 0);
    CHECK_EQ(isFound(), 1);
    CHECK(watchedInodes(device.value_or(0), 1).size() == 1);
  }
  CHECK_EQ(isFound(), 0);
  ::rmdir(folder.data());
}
