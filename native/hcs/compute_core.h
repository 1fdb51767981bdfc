#pragma once

#include <windows.h>
#include <computecore.h>

#include "hcs/system32.h"

namespace tswsl {

// The entry points of computecore.dll that are used. Each may be absent on an older Windows; a call of it answers so then.
#define TSWSL_COMPUTE_CORE(X)      \
  X(HcsCloseComputeSystem)         \
  X(HcsCloseOperation)             \
  X(HcsCreateComputeSystem)        \
  X(HcsCreateEmptyRuntimeStateFile) \
  X(HcsCreateOperation)            \
  X(HcsEnumerateComputeSystems)    \
  X(HcsGetComputeSystemProperties) \
  X(HcsGetOperationResult)         \
  X(HcsGetServiceProperties)       \
  X(HcsGrantVmAccess)              \
  X(HcsModifyComputeSystem)        \
  X(HcsPauseComputeSystem)         \
  X(HcsRevokeVmAccess)             \
  X(HcsSaveComputeSystem)          \
  X(HcsSetComputeSystemCallback)   \
  X(HcsStartComputeSystem)         \
  X(HcsTerminateComputeSystem)     \
  X(HcsWaitForOperationResult)

struct ComputeCore {
  HMODULE library;
#define TSWSL_MEMBER(name) decltype(&::name) name;
  TSWSL_COMPUTE_CORE(TSWSL_MEMBER)
#undef TSWSL_MEMBER
};

/** Loaded at the first use, on whichever thread. Bound by name: an import would keep the addon from loading elsewhere. */
const ComputeCore& GetComputeCore();

}  // namespace tswsl
