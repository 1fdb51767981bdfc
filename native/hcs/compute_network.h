#pragma once

#include <windows.h>
#include <computenetwork.h>

#include "hcs/system32.h"

namespace tswsl {

// The entry points of computenetwork.dll that are used.
#define TSWSL_COMPUTE_NETWORK(X) \
  X(HcnCloseEndpoint)            \
  X(HcnCloseNetwork)             \
  X(HcnCreateEndpoint)           \
  X(HcnCreateNetwork)            \
  X(HcnDeleteEndpoint)           \
  X(HcnDeleteNetwork)            \
  X(HcnEnumerateEndpoints)       \
  X(HcnOpenEndpoint)             \
  X(HcnOpenNetwork)              \
  X(HcnQueryEndpointProperties)  \
  X(HcnQueryNetworkProperties)

struct ComputeNetwork {
  HMODULE library;
#define TSWSL_MEMBER(name) decltype(&::name) name;
  TSWSL_COMPUTE_NETWORK(TSWSL_MEMBER)
#undef TSWSL_MEMBER
};

/** As GetComputeCore. */
const ComputeNetwork& GetComputeNetwork();

}  // namespace tswsl
