#include "boot/limits.h"

#include <sys/resource.h>

#include <string>
#include <utility>

#include "base/files.h"

namespace tswsl {
namespace {

constexpr std::pair<const char*, const char*> settings[] = {
    {"fs/file-max", "9223372036854775807"},
    {"fs/nr_open", "1048576"},
    {"fs/inotify/max_user_watches", "524288"},
    {"fs/inotify/max_user_instances", "1024"},
    {"kernel/dmesg_restrict", "0"},
    {"kernel/keys/maxkeys", "20000"},
    {"kernel/keys/maxbytes", "2000000"},
    {"kernel/print-fatal-signals", "0"},
    // A command must never be able to stop the VM through its own log: a panic ends it, and the host sees that.
    {"kernel/panic", "-1"},
    {"kernel/panic_on_oops", "1"},
    {"net/ipv4/ip_forward", "1"},
    // Distros on the bridge talk at layer 2; passing those frames to netfilter would only cost.
    {"net/bridge/bridge-nf-call-iptables", "0"},
    {"net/bridge/bridge-nf-call-ip6tables", "0"},
    {"vm/overcommit_memory", "0"},
    {"vm/max_map_count", "262144"},
};

void limit(__rlimit_resource resource, rlim_t soft, rlim_t hard) {
  const rlimit value{soft, hard};
  ::setrlimit(resource, &value);
}

}  // namespace

void applyLimits() {
  for (const auto& [name, value] : settings) poke(std::string("/proc/sys/") + name, value);
  limit(RLIMIT_NOFILE, openFilesSoft, openFilesHard);
  limit(RLIMIT_MEMLOCK, RLIM_INFINITY, RLIM_INFINITY);
  limit(RLIMIT_CORE, 0, RLIM_INFINITY);
  // The agent is the machine: the kernel shall look for its victims among the commands.
  poke("/proc/self/oom_score_adj", "-1000");
}

}  // namespace tswsl
