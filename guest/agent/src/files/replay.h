#pragma once

#include <string>
#include <vector>

#include "rpc/params.h"

namespace tswsl {

/** Something that has happened to a file of the host. */
struct ReplayEvent {
  enum class Kind { create, modify, attrib, remove, rename };
  Kind kind;
  /** Relative to /run/tswsl/host. */
  std::string path;
  /** Of a rename: the new path. */
  std::string to;
  bool directory = false;
};

/** The parameters of files.replay. Throws InvalidParams. */
std::vector<ReplayEvent> parseReplay(const Params& params);

/**
 * Does to the mount what has been done on the host, as the user that the server knows to mean nothing by it, so that
 * the kernel tells those who watch the files in distros (inotify(7)). What cannot be done is passed over: nobody
 * watches what cannot be reached. Changes the process's identity for good: for a helper process. Throws Failure.
 */
void replay(const std::vector<ReplayEvent>& events);

}  // namespace tswsl
