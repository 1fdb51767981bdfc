#pragma once

#include <memory>
#include <string>

#include "link/fd_connection.h"

namespace tswsl {

/**
 * The link over a virtio-serial port. The port stays open; hosts come and go. While none is connected read gives 0
 * and poll EPOLLHUP; the driver wakes pollers when that changes.
 */
std::unique_ptr<Link> makeVirtioLink(Loop& loop, const std::string& device, LinkEvents events);

}  // namespace tswsl
