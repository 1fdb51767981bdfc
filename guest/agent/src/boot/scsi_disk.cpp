#include "boot/scsi_disk.h"

#include <fcntl.h>

#include <cerrno>

#include "base/clock.h"
#include "base/failure.h"
#include "base/fd.h"
#include "base/files.h"

namespace tswsl {
namespace {

constexpr const char* devices = "/sys/bus/scsi/devices";
constexpr const char* hosts = "/sys/class/scsi_host";
/** A hot-added disk announces itself within milliseconds; a lost announcement is helped along after this. */
constexpr int64_t rescanAfterMillis = 1000;

/**
 * A disk has its node in /dev a moment before the kernel lets anybody open it (block/genhd.c, device_add_disk: ENXIO
 * until bdev_add). What else an open may fail with is for those to tell who use the disk.
 */
bool isReady(const std::string& device) {
  const Fd fd(::open(device.c_str(), O_RDONLY | O_CLOEXEC));
  return fd || (errno != ENXIO && errno != ENOENT);
}

void rescan() {
  // "- - -" is every channel, target and LUN: Documentation/scsi/scsi_mid_low_api.rst.
  for (const auto& host : listDirectory(hosts)) poke(std::string(hosts) + "/" + host + "/scan", "- - -");
}

}  // namespace

std::optional<std::string> findScsiDisk(int lun) {
  const std::string suffix = ":0:0:" + std::to_string(lun);
  for (const auto& address : listDirectory(devices)) {
    if (!address.ends_with(suffix)) continue;
    const auto blocks = listDirectory(std::string(devices) + "/" + address + "/block");
    if (!blocks.empty() && isReady("/dev/" + blocks.front())) return "/dev/" + blocks.front();
  }
  return std::nullopt;
}

std::string awaitScsiDisk(int lun, std::chrono::milliseconds limit) {
  const int64_t rescanAt = monotonicMillis() + rescanAfterMillis;
  bool rescanned = false;
  std::optional<std::string> disk;
  const bool found = waitUntil(
      [&] {
        if (!rescanned && monotonicMillis() > rescanAt) {
          rescanned = true;
          rescan();
        }
        disk = findScsiDisk(lun);
        return disk.has_value();
      },
      limit, std::chrono::milliseconds(2));
  if (!found) {
    throw Failure(Code::timeout, "no disk appeared at SCSI LUN " + std::to_string(lun),
                  "stop the virtual machine and start it again");
  }
  return *disk;
}

}  // namespace tswsl
