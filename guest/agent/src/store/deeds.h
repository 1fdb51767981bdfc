#pragma once

#include <cstdint>
#include <string>

namespace tswsl {

struct StoreUsage {
  uint64_t total;
  uint64_t free;
};

/** Bytes of the store. Throws Failure `invalid-state` when it is not attached. */
StoreUsage storeUsage();

/** Durable when it returns. These block: for helper processes. All throw Failure. */
void createDistro(const std::string& distro);
void commitDistro(const std::string& distro);
/** Idempotent. */
void deleteDistro(const std::string& distro);
/** Removes a directory of the store with the subvolume in it. */
void removeDirectory(const std::string& path);

}  // namespace tswsl
