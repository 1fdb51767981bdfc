#include "hcs/network_calls.h"

#include "addon/own_thread.h"
#include "addon/text.h"
#include "hcs/compute_network.h"
#include "hcs/outcome.h"

namespace tswsl {
namespace {

/** A reference to a network or endpoint, closed at the end of the call; the object itself persists. */
template <auto Close>
class Handle {
 public:
  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (handle_ != nullptr) (GetComputeNetwork().*Close)(handle_);
  }

  void** Out() { return &handle_; }
  void* get() const { return handle_; }

 private:
  void* handle_ = nullptr;
};

using Network = Handle<&ComputeNetwork::HcnCloseNetwork>;
using Endpoint = Handle<&ComputeNetwork::HcnCloseEndpoint>;

/** The outcome of a call that returns nothing but an error record. */
Outcome WithErrorRecord(HRESULT hresult, const ReturnedText& error) { return {hresult, error.Copy()}; }

/** The outcome of a call that returns a document or an error record. */
Outcome WithDocument(HRESULT hresult, const ReturnedText& document, const ReturnedText& error) {
  return {hresult, FAILED(hresult) ? error.Copy() : document.Copy()};
}

Napi::Value CreateNetwork(const Napi::CallbackInfo& info) {
  return OnOwnThread(info.Env(), [id = GuidArgument(info, 0), settings = TextArgument(info, 1)]() -> Conversion {
    const ComputeNetwork& hcn = GetComputeNetwork();
    Network network;
    ReturnedText error = ReturnedText::FromHcn();
    const HRESULT hresult =
        CallIfPresent(hcn.library, hcn.HcnCreateNetwork, id, settings.c_str(), network.Out(), error.Out());
    return ToConversion(WithErrorRecord(hresult, error));
  });
}

HRESULT OpenNetwork(const GUID& id, Network* network, ReturnedText* error) {
  const ComputeNetwork& hcn = GetComputeNetwork();
  return CallIfPresent(hcn.library, hcn.HcnOpenNetwork, id, network->Out(), error->Out());
}

Napi::Value QueryNetwork(const Napi::CallbackInfo& info) {
  return OnOwnThread(info.Env(), [id = GuidArgument(info, 0), query = OptionalTextArgument(info, 1)]() -> Conversion {
    const ComputeNetwork& hcn = GetComputeNetwork();
    Network network;
    ReturnedText openError = ReturnedText::FromHcn();
    const HRESULT opened = OpenNetwork(id, &network, &openError);
    if (FAILED(opened)) return ToConversion(WithErrorRecord(opened, openError));
    ReturnedText document = ReturnedText::FromHcn();
    ReturnedText error = ReturnedText::FromHcn();
    const HRESULT hresult = CallIfPresent(hcn.library, hcn.HcnQueryNetworkProperties, network.get(),
                                          PointerOrNull(query), document.Out(), error.Out());
    return ToConversion(WithDocument(hresult, document, error));
  });
}

Napi::Value DeleteNetwork(const Napi::CallbackInfo& info) {
  return OnOwnThread(info.Env(), [id = GuidArgument(info, 0)]() -> Conversion {
    const ComputeNetwork& hcn = GetComputeNetwork();
    ReturnedText error = ReturnedText::FromHcn();
    const HRESULT hresult = CallIfPresent(hcn.library, hcn.HcnDeleteNetwork, id, error.Out());
    return ToConversion(WithErrorRecord(hresult, error));
  });
}

Napi::Value CreateEndpoint(const Napi::CallbackInfo& info) {
  return OnOwnThread(info.Env(), [networkId = GuidArgument(info, 0), id = GuidArgument(info, 1),
                                  settings = TextArgument(info, 2)]() -> Conversion {
    const ComputeNetwork& hcn = GetComputeNetwork();
    Network network;
    ReturnedText openError = ReturnedText::FromHcn();
    const HRESULT opened = OpenNetwork(networkId, &network, &openError);
    if (FAILED(opened)) return ToConversion(WithErrorRecord(opened, openError));
    Endpoint endpoint;
    ReturnedText error = ReturnedText::FromHcn();
    const HRESULT hresult = CallIfPresent(hcn.library, hcn.HcnCreateEndpoint, network.get(), id, settings.c_str(),
                                          endpoint.Out(), error.Out());
    return ToConversion(WithErrorRecord(hresult, error));
  });
}

Napi::Value QueryEndpoint(const Napi::CallbackInfo& info) {
  return OnOwnThread(info.Env(), [id = GuidArgument(info, 0), query = OptionalTextArgument(info, 1)]() -> Conversion {
    const ComputeNetwork& hcn = GetComputeNetwork();
    Endpoint endpoint;
    ReturnedText openError = ReturnedText::FromHcn();
    const HRESULT opened =
        CallIfPresent(hcn.library, hcn.HcnOpenEndpoint, id, endpoint.Out(), openError.Out());
    if (FAILED(opened)) return ToConversion(WithErrorRecord(opened, openError));
    ReturnedText document = ReturnedText::FromHcn();
    ReturnedText error = ReturnedText::FromHcn();
    const HRESULT hresult = CallIfPresent(hcn.library, hcn.HcnQueryEndpointProperties, endpoint.get(),
                                          PointerOrNull(query), document.Out(), error.Out());
    return ToConversion(WithDocument(hresult, document, error));
  });
}

Napi::Value DeleteEndpoint(const Napi::CallbackInfo& info) {
  return OnOwnThread(info.Env(), [id = GuidArgument(info, 0)]() -> Conversion {
    const ComputeNetwork& hcn = GetComputeNetwork();
    ReturnedText error = ReturnedText::FromHcn();
    const HRESULT hresult = CallIfPresent(hcn.library, hcn.HcnDeleteEndpoint, id, error.Out());
    return ToConversion(WithErrorRecord(hresult, error));
  });
}

Napi::Value EnumerateEndpoints(const Napi::CallbackInfo& info) {
  return OnOwnThread(info.Env(), [query = OptionalTextArgument(info, 0)]() -> Conversion {
    const ComputeNetwork& hcn = GetComputeNetwork();
    ReturnedText document = ReturnedText::FromHcn();
    ReturnedText error = ReturnedText::FromHcn();
    const HRESULT hresult = CallIfPresent(hcn.library, hcn.HcnEnumerateEndpoints, PointerOrNull(query),
                                          document.Out(), error.Out());
    return ToConversion(WithDocument(hresult, document, error));
  });
}

}  // namespace

void DefineNetworkCalls(Napi::Env env, Napi::Object exports) {
  exports.Set("createNetwork", Napi::Function::New<CreateNetwork>(env));
  exports.Set("queryNetwork", Napi::Function::New<QueryNetwork>(env));
  exports.Set("deleteNetwork", Napi::Function::New<DeleteNetwork>(env));
  exports.Set("createEndpoint", Napi::Function::New<CreateEndpoint>(env));
  exports.Set("queryEndpoint", Napi::Function::New<QueryEndpoint>(env));
  exports.Set("deleteEndpoint", Napi::Function::New<DeleteEndpoint>(env));
  exports.Set("enumerateEndpoints", Napi::Function::New<EnumerateEndpoints>(env));
}

}  // namespace tswsl
