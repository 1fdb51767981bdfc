#include "distro/start_request.h"

namespace tswsl {
namespace {

constexpr size_t maxFile = 256 * 1024;
constexpr size_t maxFiles = 256;

std::vector<GuestFile> parseFiles(const Json& array) {
  if (array.size() > maxFiles) throw InvalidParams("too many files");
  std::vector<GuestFile> files;
  for (const auto& entry : array) {
    const Params file(entry);
    // integer() keeps the mode within its twelve bits.
    files.push_back(
        {file.text("path"), file.text("content", maxFile), static_cast<unsigned>(file.integer("mode", 0, 07777))});
  }
  return files;
}

}  // namespace

StartRequest parseStartRequest(const Params& params) {
  StartRequest request;
  request.distro = params.uuid("distro");
  request.config = params.object("config");
  const Params network(params.object("network"));
  // integer() keeps a prefix within 32.
  request.network.address = {network.ipv4("address"), static_cast<int>(network.integer("prefix", 0, 32))};
  request.network.gateway = network.ipv4("gateway");
  request.files = parseFiles(params.array("files"));
  request.limits = parseLimits(Params(params.object("limits")));
  return request;
}

}  // namespace tswsl
