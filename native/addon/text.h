#pragma once

#include <napi.h>
#include <windows.h>

#include <optional>
#include <string>

namespace tswsl {

/** A string argument. Throws a JavaScript TypeError for anything else. */
std::wstring TextArgument(const Napi::CallbackInfo& info, size_t index);

/** A string, or nothing for null and undefined. Throws a JavaScript TypeError for anything else. */
std::optional<std::wstring> OptionalTextArgument(const Napi::CallbackInfo& info, size_t index);

/** A GUID in its 36-character form. Throws a JavaScript TypeError for anything else. */
GUID GuidArgument(const Napi::CallbackInfo& info, size_t index);

/** The string, or null. */
Napi::Value TextOrNull(Napi::Env env, const std::optional<std::wstring>& text);

/** The pointer that an optional PCWSTR parameter takes. */
inline const wchar_t* PointerOrNull(const std::optional<std::wstring>& text) {
  return text ? text->c_str() : nullptr;
}

}  // namespace tswsl
