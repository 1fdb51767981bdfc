#pragma once

#include <sys/types.h>

#include <string>

namespace tswsl {

/** A running distro, to a helper process of ours. */
struct DistroPlace {
  pid_t init;
  int initPidfd;
};

struct DistroMountRequest {
  /** Relative to /run/tswsl/host; without `.`, `..` and empty parts. Empty: all of it. */
  std::string source;
  std::string target;
  bool readOnly = false;
};

/** distro.mount of the contract. Enters the distro's mount namespace for good: for a helper process. Throws Failure. */
void mountInDistro(const DistroPlace& distro, const DistroMountRequest& request);

/** distro.unmount of the contract, likewise. */
void unmountInDistro(const DistroPlace& distro, const std::string& target);

/** Throws InvalidParams unless it is a path that `DistroMountRequest::source` may be. */
void checkMountSource(const std::string& source);

/** Throws InvalidParams unless it is an absolute path of a directory other than the root. */
void checkMountTarget(const std::string& target);

}  // namespace tswsl
