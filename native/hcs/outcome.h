#pragma once

#include <napi.h>
#include <windows.h>

#include <optional>
#include <string>

#include "addon/own_thread.h"

namespace tswsl {

/** What every call of the table answers: success or failure, and the document that came with it. */
struct Outcome {
  HRESULT hresult = S_OK;
  std::optional<std::wstring> document;
};

/** A string that HCS returned (LocalFree) or HCN (CoTaskMemFree). */
class ReturnedText {
 public:
  using Free = void (*)(void*);
  static ReturnedText FromHcs();
  static ReturnedText FromHcn();
  ReturnedText(const ReturnedText&) = delete;
  ReturnedText& operator=(const ReturnedText&) = delete;
  ~ReturnedText();

  /** The out parameter of one call. */
  PWSTR* Out() { return &text_; }
  /** A copy; nothing for a null or empty string, both of which services return on success. */
  std::optional<std::wstring> Copy() const;

 private:
  explicit ReturnedText(Free free) : free_(free) {}

  Free free_;
  PWSTR text_ = nullptr;
};

/** `{ hresult, document }` */
Napi::Object ToObject(Napi::Env env, const Outcome& outcome);

/** For a call that brings nothing but an outcome. */
inline Conversion ToConversion(Outcome outcome) {
  return [outcome = std::move(outcome)](Napi::Env env) -> Napi::Value { return ToObject(env, outcome); };
}

}  // namespace tswsl
