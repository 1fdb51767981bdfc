#include "files/replay.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <utility>

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

/** A folder, opened or not, and a name in it. */
struct Place {
  int folder;
  std::string name;
};

/** Opens folders below a root. Neighbours in a list are often of one folder, and each name on the way costs calls. */
class Folders {
 public:
  explicit Folders(Fd root) : root_(std::move(root)) {}

  Place placeOf(const std::string& path) {
    const size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash);
    // npos + 1 is 0.
    return {open(folder), path.substr(slash + 1)};
  }

  /** Paths lead elsewhere from now on. */
  void forget() { opened_.clear(); }

 private:
  /** Those of a rename between two. */
  static constexpr size_t kept = 2;

  int open(const std::string& path) {
    const auto known =
        std::find_if(opened_.begin(), opened_.end(), [&](const auto& entry) { return entry.first == path; });
    if (known != opened_.end()) {
      // The last two to be asked for stay: a rename needs both.
      std::rotate(known, known + 1, opened_.end());
      return opened_.back().second.get();
    }
    open_how how{};
    how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    // A descriptor fits an int.
    Fd fd(static_cast<int>(::syscall(SYS_openat2, root_.get(), path.c_str(), &how, sizeof how)));
    if (!fd) return -1;
    if (opened_.size() == kept) opened_.pop_front();
    opened_.emplace_back(path, std::move(fd));
    return opened_.back().second.get();
  }

  Fd root_;
  std::deque<std::pair<std::string, Fd>> opened_;
};

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
    ::mkdirat(place.folder, place.name.c_str(), 0755);
    return;
  }
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const Fd file(::openat(place.folder, place.name.c_str(), flags, 0644));
}

/** IN_MODIFY comes from the size that is set, IN_CLOSE_WRITE from the end of the descriptor. */
void modify(const Place& place) {
  constexpr int flags = O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  const Fd file(::openat(place.folder, place.name.c_str(), flags));
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  const int ignored = ::ftruncate(file.get(), status.st_size);
  static_cast<void>(ignored);
}

void perform(Folders& folders, const ReplayEvent& event) {
  const Place place = folders.placeOf(event.path);
  if (place.folder < 0) return;
  const char* name = place.name.c_str();
  switch (event.kind) {
    case Kind::create:
      return create(place, event.directory);
    case Kind::modify:
      return modify(place);
    case Kind::attrib:
      ::utimensat(place.folder, name, nullptr, AT_SYMLINK_NOFOLLOW);
      return;
    case Kind::remove:
      ::unlinkat(place.folder, name, event.directory ? AT_REMOVEDIR : 0);
      return;
    case Kind::rename: {
      const Place target = folders.placeOf(event.to);
      if (target.folder >= 0) ::renameat(place.folder, name, target.folder, target.name.c_str());
    }
  }
}

bool movesFolder(const ReplayEvent& event) {
  return event.directory && (event.kind == Kind::rename || event.kind == Kind::remove);
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
  const int root = ::open(paths::hostFiles, O_PATH | O_DIRECTORY | O_CLOEXEC);
  Folders folders(Fd(checked(root, "cannot reach the host's files")));
  becomeReplayer();
  for (const auto& event : events) {
    perform(folders, event);
    if (movesFolder(event)) folders.forget();
  }
}

}  // namespace tswsl
