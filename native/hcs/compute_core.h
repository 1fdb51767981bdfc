#pragma once

#include <windows.h>
#include <computecore.h>

#include "hcs/system32.h"

namespace tswsl {

// The entry points of computecore.dll that are used. HcsGrantVmGroupAccess and HcsRevokeVmGroupAccess came with Windows
// 10 2004; any may be absent, and then calls of it answer so.
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
  X(HcsGrantVmGroupAccess)         \
  X(HcsModifyComputeSystem)        \
  X(HcsPauseComputeSystem)         \
  X(HcsRevokeVmAccess)             \
  X(HcsRevokeVmGroupAccess)        \
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
