#pragma once

/** Every path of the VM that the agent knows. docs/agent.md describes them. */
namespace tswsl::paths {

inline constexpr const char* store = "/store";
inline constexpr const char* distros = "/store/distros";
/** tmpfs with the copy of this program that distros bind. */
inline constexpr const char* agentDirectory = "/run/tswsl";
inline constexpr const char* agentCopy = "/run/tswsl/agent";
/** Where a bundle binds that copy inside a distro: under this name it is the distro's reaper. */
inline constexpr const char* distroInit = "/run/tswsl/init";
/** The host's files, in the VM and in distros. */
inline constexpr const char* hostFiles = "/run/tswsl/host";
/** In a distro: the system image, read-only. */
inline constexpr const char* systemInDistro = "/run/tswsl/system";
inline constexpr const char* bundles = "/run/bundles";
inline constexpr const char* crunState = "/run/crun";
inline constexpr const char* networkNamespaces = "/run/netns";
inline constexpr const char* cgroups = "/sys/fs/cgroup";
/** Below it one group per distro, with the container's own, `init`, in it. */
inline constexpr const char* cgroupTree = "tswsl";
inline constexpr const char* bridge = "tswsl0";

}  // namespace tswsl::paths
