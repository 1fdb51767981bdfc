#include "agent/refresh.h"

#include <fcntl.h>
#include <linux/random.h>
#include <sys/ioctl.h>

#include <cstring>
#include <ctime>
#include <vector>

#include "base/base64.h"
#include "base/failure.h"
#include "base/fd.h"
#include "rpc/params.h"

namespace tswsl {

void stepClock(int64_t unixMicros) {
  const timespec time{unixMicros / 1'000'000, (unixMicros % 1'000'000) * 1000};
  checked(::clock_settime(CLOCK_REALTIME, &time), "cannot set the clock");
}

void addEntropy(const std::string& base64) {
  const auto bytes = decodeBase64(base64);
  if (!bytes) throw InvalidParams("entropy must be base64");
  if (bytes->empty()) return;
  const Fd random(checked(::open("/dev/urandom", O_RDWR | O_CLOEXEC), "cannot open /dev/urandom"));
  // rand_pool_info ends in the bytes; ints keep it aligned. Sizes are bounded by the caller's 8 KiB of base64.
  std::vector<int> pool(2 + (bytes->size() + sizeof(int) - 1) / sizeof(int));
  pool[0] = static_cast<int>(bytes->size() * 8);
  pool[1] = static_cast<int>(bytes->size());
  std::memcpy(pool.data() + 2, bytes->data(), bytes->size());
  checked(::ioctl(random.get(), RNDADDENTROPY, pool.data()), "cannot add entropy");
  // A VM restored from a saved one shares its random state until this: random(4).
  ::ioctl(random.get(), RNDRESEEDCRNG);
}

}  // namespace tswsl
