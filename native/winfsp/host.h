#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "winfsp/volume.h"

namespace tswsl {

/** What native.d.ts says of the options of mount. UTF-8. */
struct MountOptions {
  std::string mount_point;
  std::string prefix;
  std::string name;
  std::chrono::milliseconds attribute_timeout{0};
};

/** The operating system's side of a file system that is shown. */
class Host {
 public:
  virtual ~Host() = default;

  /** Takes it away. Open files of it give errors from then on. Blocks for as long as a program that unmounts runs. */
  virtual void Stop() = 0;
};

/** Why something is not shown. */
struct MountError {
  /** Linux's errno, or an NTSTATUS. */
  uint32_t code;
  std::string message;
};

/** Shows the volume. Blocks. Throws MountError. */
std::unique_ptr<Host> StartHost(const MountOptions& options, std::shared_ptr<Volume> volume);

/** Empty, or what this machine lacks for StartHost to work at all. */
std::string WhatIsMissing();

}  // namespace tswsl
