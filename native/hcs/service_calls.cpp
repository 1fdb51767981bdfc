#include "hcs/service_calls.h"

#include "addon/own_thread.h"
#include "addon/text.h"
#include "hcs/compute_core.h"
#include "hcs/compute_operation.h"
#include "hcs/outcome.h"

namespace tswsl {
namespace {

using VmFileCall = HRESULT (*)(PCWSTR, PCWSTR);

Napi::Value OnVmFile(const Napi::CallbackInfo& info, VmFileCall call) {
  return OnOwnThread(info.Env(), [call, id = TextArgument(info, 0), path = TextArgument(info, 1)]() -> Conversion {
    return ToConversion({CallIfPresent(GetComputeCore().library, call, id.c_str(), path.c_str()), std::nullopt});
  });
}

Napi::Value GrantVmAccess(const Napi::CallbackInfo& info) { return OnVmFile(info, GetComputeCore().HcsGrantVmAccess); }

Napi::Value RevokeVmAccess(const Napi::CallbackInfo& info) {
  return OnVmFile(info, GetComputeCore().HcsRevokeVmAccess);
}

Napi::Value CreateEmptyRuntimeStateFile(const Napi::CallbackInfo& info) {
  return OnOwnThread(info.Env(), [path = TextArgument(info, 0)]() -> Conversion {
    const ComputeCore& core = GetComputeCore();
    const HRESULT hresult = CallIfPresent(core.library, core.HcsCreateEmptyRuntimeStateFile, path.c_str());
    return ToConversion({hresult, std::nullopt});
  });
}

Napi::Value EnumerateComputeSystems(const Napi::CallbackInfo& info) {
  return OnOwnThread(info.Env(), [query = OptionalTextArgument(info, 0)]() -> Conversion {
    return ToConversion(WaitForOperation([&](HCS_OPERATION operation) {
      const ComputeCore& core = GetComputeCore();
      return CallIfPresent(core.library, core.HcsEnumerateComputeSystems, PointerOrNull(query), operation);
    }));
  });
}

Napi::Value GetServiceProperties(const Napi::CallbackInfo& info) {
  return OnOwnThread(info.Env(), [query = OptionalTextArgument(info, 0)]() -> Conversion {
    const ComputeCore& core = GetComputeCore();
    ReturnedText document = ReturnedText::FromHcs();
    const HRESULT hresult =
        CallIfPresent(core.library, core.HcsGetServiceProperties, PointerOrNull(query), document.Out());
    return ToConversion({hresult, document.Copy()});
  });
}

}  // namespace

void DefineServiceCalls(Napi::Env env, Napi::Object exports) {
  exports.Set("grantVmAccess", Napi::Function::New<GrantVmAccess>(env));
  exports.Set("revokeVmAccess", Napi::Function::New<RevokeVmAccess>(env));
  exports.Set("createEmptyRuntimeStateFile", Napi::Function::New<CreateEmptyRuntimeStateFile>(env));
  exports.Set("enumerateComputeSystems", Napi::Function::New<EnumerateComputeSystems>(env));
  exports.Set("getServiceProperties", Napi::Function::New<GetServiceProperties>(env));
}

}  // namespace tswsl
