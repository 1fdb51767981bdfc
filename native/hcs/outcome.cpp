#include "hcs/outcome.h"

#include <objbase.h>

#include "addon/text.h"

namespace tswsl {

ReturnedText ReturnedText::FromHcs() {
  return ReturnedText([](void* text) { LocalFree(text); });
}

ReturnedText ReturnedText::FromHcn() {
  return ReturnedText([](void* text) { CoTaskMemFree(text); });
}

ReturnedText::~ReturnedText() {
  if (text_ != nullptr) free_(text_);
}

std::optional<std::wstring> ReturnedText::Copy() const {
  if (text_ == nullptr || *text_ == L'\0') return std::nullopt;
  return std::wstring(text_);
}

Napi::Object ToObject(Napi::Env env, const Outcome& outcome) {
  Napi::Object object = Napi::Object::New(env);
  // Unsigned, as HRESULTs are written: 0x80370102.
  object.Set("hresult", Napi::Number::New(env, static_cast<double>(static_cast<DWORD>(outcome.hresult))));
  object.Set("document", TextOrNull(env, outcome.document));
  return object;
}

}  // namespace tswsl
