#include "hcs/compute_operation.h"

namespace tswsl {
namespace {

class Operation {
 public:
  Operation() {
    const ComputeCore& core = GetComputeCore();
    if (core.HcsCreateOperation != nullptr) handle_ = core.HcsCreateOperation(nullptr, nullptr);
  }
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  ~Operation() {
    if (handle_ != nullptr) GetComputeCore().HcsCloseOperation(handle_);
  }

  HCS_OPERATION get() const { return handle_; }

 private:
  HCS_OPERATION handle_ = nullptr;
};

HRESULT NoOperation() {
  const ComputeCore& core = GetComputeCore();
  if (core.library == nullptr) return kModuleNotFound;
  if (core.HcsCreateOperation == nullptr) return kProcedureNotFound;
  return HRESULT_FROM_WIN32(GetLastError());
}

}  // namespace

Outcome WaitForOperation(const TrackedCall& call) {
  const ComputeCore& core = GetComputeCore();
  const Operation operation;
  if (operation.get() == nullptr) return {NoOperation(), std::nullopt};
  ReturnedText document = ReturnedText::FromHcs();
  const HRESULT started = call(operation.get());
  if (FAILED(started)) {
    CallIfPresent(core.library, core.HcsGetOperationResult, operation.get(), document.Out());
    return {started, document.Copy()};
  }
  const HRESULT ended =
      CallIfPresent(core.library, core.HcsWaitForOperationResult, operation.get(), INFINITE, document.Out());
  return {ended, document.Copy()};
}

}  // namespace tswsl
