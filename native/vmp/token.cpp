#include "vmp/token.h"

#include <windows.h>

#include <string>
#include <vector>

#include "addon/text.h"
#include "vmp/security_id.h"
#include "vmp/windows_handle.h"

namespace tswsl {
namespace {

struct TokenFacts {
  DWORD error = ERROR_SUCCESS;
  std::optional<std::wstring> user = {};
  std::optional<std::wstring> owner = {};
  bool elevated = false;
  std::vector<std::wstring> groups = {};
};

/** The information of one class; empty, with GetLastError, when the token does not tell it. */
std::vector<unsigned char> Ask(HANDLE token, TOKEN_INFORMATION_CLASS what) {
  DWORD bytes = 0;
  GetTokenInformation(token, what, nullptr, 0, &bytes);
  std::vector<unsigned char> buffer(bytes);
  if (bytes == 0 || !GetTokenInformation(token, what, buffer.data(), bytes, &bytes)) return {};
  return buffer;
}

/** The groups that grant something. One that is there for denials only (an administrator's, not elevated) is none. */
std::vector<std::wstring> EnabledGroups(const std::vector<unsigned char>& information) {
  std::vector<std::wstring> texts;
  if (information.empty()) return texts;
  // GetTokenInformation has filled the buffer with the structure that belongs to TokenGroups.
  const auto* groups = reinterpret_cast<const TOKEN_GROUPS*>(information.data());
  for (DWORD i = 0; i < groups->GroupCount; i++) {
    const SID_AND_ATTRIBUTES& group = groups->Groups[i];
    if ((group.Attributes & SE_GROUP_ENABLED) == 0) continue;
    if (auto text = SecurityIdText(group.Sid)) texts.push_back(std::move(*text));
  }
  return texts;
}

TokenFacts Facts() {
  HANDLE opened = nullptr;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &opened)) return {.error = GetLastError()};
  const OwnedHandle token(opened);
  const auto user = Ask(opened, TokenUser);
  if (user.empty()) return {.error = GetLastError()};
  const auto owner = Ask(opened, TokenOwner);
  if (owner.empty()) return {.error = GetLastError()};
  TOKEN_ELEVATION elevation = {};
  DWORD bytes = 0;
  if (!GetTokenInformation(opened, TokenElevation, &elevation, sizeof elevation, &bytes)) {
    return {.error = GetLastError()};
  }
  // As above, for TokenUser and TokenOwner.
  const auto* account = reinterpret_cast<const TOKEN_USER*>(user.data());
  const auto* default_owner = reinterpret_cast<const TOKEN_OWNER*>(owner.data());
  return {
      .user = SecurityIdText(account->User.Sid),
      .owner = SecurityIdText(default_owner->Owner),
      .elevated = elevation.TokenIsElevated != 0,
      .groups = EnabledGroups(Ask(opened, TokenGroups)),
  };
}

Napi::Value ProcessToken(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const TokenFacts facts = Facts();
  Napi::Array groups = Napi::Array::New(env, facts.groups.size());
  for (uint32_t i = 0; i < facts.groups.size(); i++) groups.Set(i, TextOrNull(env, facts.groups[i]));
  Napi::Object object = Napi::Object::New(env);
  object.Set("error", Napi::Number::New(env, facts.error));
  object.Set("user", TextOrNull(env, facts.user));
  object.Set("owner", TextOrNull(env, facts.owner));
  object.Set("elevated", Napi::Boolean::New(env, facts.elevated));
  object.Set("groups", groups);
  return object;
}

}  // namespace

void DefineToken(Napi::Env env, Napi::Object exports) {
  exports.Set("processToken", Napi::Function::New<ProcessToken>(env));
}

}  // namespace tswsl
