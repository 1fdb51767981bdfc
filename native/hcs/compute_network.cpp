#include "hcs/compute_network.h"

namespace tswsl {
namespace {

ComputeNetwork Bind() {
  ComputeNetwork network = {};
  network.library = LoadFromSystem32(L"computenetwork.dll");
  if (network.library == nullptr) return network;
  // GetProcAddress returns every function as FARPROC; the types are those of the SDK's header.
#define TSWSL_BIND(name) \
  network.name = reinterpret_cast<decltype(&::name)>(reinterpret_cast<void*>(GetProcAddress(network.library, #name)));
  TSWSL_COMPUTE_NETWORK(TSWSL_BIND)
#undef TSWSL_BIND
  return network;
}

}  // namespace

const ComputeNetwork& GetComputeNetwork() {
  static const ComputeNetwork network = Bind();
  return network;
}

}  // namespace tswsl
