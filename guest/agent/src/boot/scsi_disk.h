#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace tswsl {

/** HCS has at most 64 at one controller, virtio-scsi 16384. */
inline constexpr int64_t maxScsiLun = 16383;

/** Device path of the SCSI disk at channel 0, target 0 and this LUN of any host: HCS's Scsi attachments. */
std::optional<std::string> findScsiDisk(int lun);

/** Blocks until it is there, asking the hosts to look again when it takes long. Throws Failure `timeout`. */
std::string awaitScsiDisk(int lun, std::chrono::milliseconds limit);

}  // namespace tswsl
