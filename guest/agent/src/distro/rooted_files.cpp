#include "distro/rooted_files.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>

#include "base/failure.h"
#include "base/files.h"

namespace tswsl {
namespace {

constexpr const char* temporaryName = ".tswsl-new";

Fd openInRoot(int root, const std::string& path, int flags) {
  open_how how{};
  how.flags = static_cast<uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  // The kernel restarts a resolution that raced with a rename by EAGAIN: openat2(2).
  for (int attempt = 0; attempt < 8; ++attempt) {
    const long fd = ::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how);
    // A descriptor fits an int.
    if (fd >= 0 || errno != EAGAIN) return Fd(static_cast<int>(fd));
  }
  return Fd();
}

bool absent(int error) { return error == ENOENT || error == ENOTDIR; }

}  // namespace

RootedFiles::RootedFiles(const std::string& root)
    : root_(checked(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC), "cannot open " + root)) {}

Fd RootedFiles::open(const std::string& path, int flags) const { return openInRoot(root_.get(), path, flags); }

bool RootedFiles::exists(const std::string& path) const { return static_cast<bool>(open(path, O_PATH)); }

bool RootedFiles::isExecutable(const std::string& path) const {
  const Fd fd = open(path, O_PATH);
  struct stat status {};
  return fd && ::fstat(fd.get(), &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 0111) != 0;
}

std::optional<std::string> RootedFiles::read(const std::string& path, size_t limit) const {
  // O_NONBLOCK: a FIFO put there must not stop us.
  const Fd fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!fd && absent(errno)) return std::nullopt;
  if (!fd) failErrno("cannot open " + path);
  struct stat status {};
  checked(::fstat(fd.get(), &status), "cannot look at " + path);
  if (!S_ISREG(status.st_mode)) throw Failure(Code::invalidArgument, path + " is not a regular file");
  auto text = readOpened(fd.get(), limit + 1);
  if (!text) failErrno("cannot read " + path);
  if (text->size() > limit)
    throw Failure(Code::invalidArgument, path + " is larger than " + std::to_string(limit) + " bytes");
  return text;
}

Fd RootedFiles::makeDirectory(const std::string& directory, unsigned mode) const {
  Fd current = open("/", O_PATH | O_DIRECTORY);
  for (size_t start = 1, end = 0; start < directory.size(); start = end + 1) {
    end = std::min(directory.find('/', start), directory.size());
    if (end == start) continue;
    const std::string part = directory.substr(start, end - start);
    const std::string sofar = directory.substr(0, end);
    Fd next = open(sofar, O_PATH | O_DIRECTORY);
    if (!next && errno == ENOENT) {
      const bool last = directory.find_first_not_of('/', end) == std::string::npos;
      checked(::mkdirat(current.get(), part.c_str(), last ? mode : 0755), "cannot create " + sofar);
      next = open(sofar, O_PATH | O_DIRECTORY);
    }
    if (!next) failErrno("cannot open " + sofar);
    current = std::move(next);
  }
  return current;
}

bool RootedFiles::linkIfAbsent(const std::string& path, const std::string& target) const {
  const size_t slash = path.rfind('/');
  const Fd parent = open(path.substr(0, slash + 1), O_PATH | O_DIRECTORY);
  return parent && ::symlinkat(target.c_str(), parent.get(), path.substr(slash + 1).c_str()) == 0;
}

void RootedFiles::write(const std::string& path, std::string_view content, unsigned mode) const {
  const size_t slash = path.rfind('/');
  const std::string name = slash == std::string::npos ? "" : path.substr(slash + 1);
  if (path.empty() || path.front() != '/' || name.empty() || name == "." || name == "..") {
    throw Failure(Code::invalidArgument, "not an absolute path of a file: " + path);
  }
  const Fd parent = makeDirectory(path.substr(0, slash), 0755);
  ::unlinkat(parent.get(), temporaryName, 0);
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const Fd file(checked(::openat(parent.get(), temporaryName, flags, 0600), "cannot create " + path));
  writeAll(file.get(), content, path);
  checked(::fchmod(file.get(), mode & 07777), "cannot set the mode of " + path);
  if (::renameat(parent.get(), temporaryName, parent.get(), name.c_str()) != 0) {
    const int error = errno;
    ::unlinkat(parent.get(), temporaryName, 0);
    failErrno("cannot replace " + path, error);
  }
}

}  // namespace tswsl
