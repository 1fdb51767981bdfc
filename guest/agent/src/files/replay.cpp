#include "files/replay.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

#include "base/failure.h"
#include "base/fd.h"
#include "base/paths.h"
#include "files/distro_mounts.h"

namespace tswsl {
namespace {

constexpr size_t maxEvents = 4096;
/** REPLAY_UID of the host's server: no user of a distro has this number. */
constexpr uid_t replayUser = 0xFFFFFFF0;

using Kind = ReplayEvent::Kind;

Kind parseKind(const std::string& name) {
  if (name == "create") return Kind::create;
  if (name == "modify") return Kind::modify;
  if (name == "attrib") return Kind::attrib;
  if (name == "delete") return Kind::remove;
  if (name == "rename") return Kind::rename;
  throw InvalidParams("op must be create, modify, attrib, delete or rename");
}

std::string parsePath(const Params& params, const char* name) {
  const std::string path = params.text(name);
  const std::string prefix = std::string(paths::hostFiles) + "/";
  if (!path.starts_with(prefix) || path == prefix)
    throw InvalidParams(std::string(name) + " is not of the host's files");
  const std::string relative = path.substr(prefix.size());
  checkMountSource(relative);
  return relative;
}

/** Its folder, opened, and its name. */
struct Place {
  Fd folder;
  std::string name;
};

Place placeOf(const Fd& root, const std::string& path) {
  const size_t slash = path.rfind('/');
  open_how how{};
  how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash);
  const long fd = ::syscall(SYS_openat2, root.get(), folder.c_str(), &how, sizeof how);
  // A descriptor fits an int; npos + 1 is 0.
  return {Fd(static_cast<int>(fd)), path.substr(slash + 1)};
}

/** Only the file system's identity changes: then the kernel takes away what root may do to files, which is still
 * needed. */
void becomeReplayer() {
  ::setfsgid(replayUser);
  ::setfsuid(replayUser);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  checked(::syscall(SYS_capget, &header, sets.data()), "capget");
  for (auto& set : sets) set.effective = set.permitted;
  checked(::syscall(SYS_capset, &header, sets.data()), "capset");
}

void create(const Place& place, bool directory) {
  if (directory) {
    ::mkdirat(place.folder.get(), place.name.c_str(), 0755);
    return;
  }
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const Fd file(::openat(place.folder.get(), place.name.c_str(), flags, 0644));
}

/** IN_MODIFY comes from the size that is set, IN_CLOSE_WRITE from the end of the descriptor. */
void modify(const Place& place) {
  constexpr int flags = O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  const Fd file(::openat(place.folder.get(), place.name.c_str(), flags));
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  const int ignored = ::ftruncate(file.get(), status.st_size);
  static_cast<void>(ignored);
}

void perform(const Fd& root, const ReplayEvent& event) {
  const Place place = placeOf(root, event.path);
  if (!place.folder) return;
  const char* name = place.name.c_str();
  switch (event.kind) {
    case Kind::create:
      return create(place, event.directory);
    case Kind::modify:
      return modify(place);
    case Kind::attrib:
      ::utimensat(place.folder.get(), name, nullptr, AT_SYMLINK_NOFOLLOW);
      return;
    case Kind::remove:
      ::unlinkat(place.folder.get(), name, event.directory ? AT_REMOVEDIR : 0);
      return;
    case Kind::rename: {
      const Place target = placeOf(root, event.to);
      if (target.folder) ::renameat(place.folder.get(), name, target.folder.get(), target.name.c_str());
    }
  }
}

}  // namespace

std::vector<ReplayEvent> parseReplay(const Params& params) {
  const Json& array = params.array("events");
  if (array.size() > maxEvents) throw InvalidParams("too many events");
  std::vector<ReplayEvent> events;
  for (const auto& entry : array) {
    const Params event(entry);
    const Kind kind = parseKind(event.text("op"));
    events.push_back({kind, parsePath(event, "path"), kind == Kind::rename ? parsePath(event, "to") : "",
                      event.boolean("directory")});
  }
  return events;
}

void replay(const std::vector<ReplayEvent>& events) {
  const Fd root(checked(::open(paths::hostFiles, O_PATH | O_DIRECTORY | O_CLOEXEC), "cannot reach the host's files"));
  becomeReplayer();
  for (const auto& event : events) perform(root, event);
}

}  // namespace tswsl
