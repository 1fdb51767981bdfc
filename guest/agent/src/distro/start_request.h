#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "distro/limits.h"
#include "net/distro_network.h"
#include "rpc/params.h"

namespace tswsl {

/** GuestFile of the contract. */
struct GuestFile {
  std::string path;
  std::string content;
  unsigned mode;
};

/** Parameters of distro.start. */
struct StartRequest {
  std::string distro;
  Json config;
  DistroNetwork network;
  std::vector<GuestFile> files;
  DistroLimits limits;
};

/** Throws InvalidParams. */
StartRequest parseStartRequest(const Params& params);

}  // namespace tswsl
