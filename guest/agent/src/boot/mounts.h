#pragma once

#include <string>

namespace tswsl {

struct Mount {
  const char* source;
  const char* target;
  const char* type;
  unsigned long flags;
  const char* options;
};

/** mount(2), creating nothing. Throws Failure naming the target. */
void mountOrFail(const Mount& mount);

/** /proc, /sys and /dev in the initramfs: what is needed to find the system image. */
void mountKernelFileSystems();

/** The system image's root replaces the initramfs, taking /proc, /sys and /dev along. */
void switchRoot(const std::string& device);

/** The writable places of the system: /run, /tmp, /dev/pts, /dev/shm and the cgroup tree with every controller on. */
void mountRuntime();

}  // namespace tswsl
