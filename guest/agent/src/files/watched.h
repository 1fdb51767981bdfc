#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tswsl {

/** The inodes of a file system that a description of an inotify descriptor (/proc/PID/fdinfo/N, proc(5)) names. */
std::vector<uint64_t> watchedIn(std::string_view fdinfo, uint64_t device);

/**
 * The inodes of this file system that any process of this machine watches by inotify(7), each once, at most `limit`.
 * The device is the kernel's own number for it. Reads all of /proc: for a helper process.
 */
std::vector<uint64_t> watchedInodes(uint64_t device, size_t limit);

/** The kernel's own number for what mountinfo writes as `major:minor`. */
std::optional<uint64_t> kernelDevice(std::string_view text);

/** The qid paths of the host's files that are watched; none when they are not mounted. */
std::vector<uint64_t> watchedHostFiles();

}  // namespace tswsl
