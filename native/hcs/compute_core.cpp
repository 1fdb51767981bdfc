#include "hcs/compute_core.h"

namespace tswsl {
namespace {

ComputeCore Bind() {
  ComputeCore core = {};
  core.library = LoadFromSystem32(L"computecore.dll");
  if (core.library == nullptr) return core;
  // GetProcAddress returns every function as FARPROC; the types are those of the SDK's header.
#define TSWSL_BIND(name) \
  core.name = reinterpret_cast<decltype(&::name)>(reinterpret_cast<void*>(GetProcAddress(core.library, #name)));
  TSWSL_COMPUTE_CORE(TSWSL_BIND)
#undef TSWSL_BIND
  return core;
}

}  // namespace

const ComputeCore& GetComputeCore() {
  static const ComputeCore core = Bind();
  return core;
}

}  // namespace tswsl
