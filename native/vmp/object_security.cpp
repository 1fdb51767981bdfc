#include "vmp/object_security.h"

#include <windows.h>
#include <aclapi.h>
#include <sddl.h>

#include "addon/own_thread.h"
#include "addon/text.h"
#include "vmp/security_id.h"
#include "vmp/windows_handle.h"

namespace tswsl {
namespace {

/** Opens a pipe as a client that says nothing. Its server, whoever that is, may see who we are and not act as us. */
OwnedHandle OpenPipe(const std::wstring& path, DWORD access) {
  return OwnedHandle(CreateFileW(path.c_str(), access, 0, nullptr, OPEN_EXISTING,
                                 SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, nullptr));
}

bool IsOpen(const OwnedHandle& handle) { return handle.get() != INVALID_HANDLE_VALUE; }

DWORD SetAccess(const std::wstring& path, const std::wstring& descriptor) {
  PSECURITY_DESCRIPTOR parsed = nullptr;
  if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(descriptor.c_str(), SDDL_REVISION_1, &parsed, nullptr)) {
    return GetLastError();
  }
  const LocalMemory<void> owned(parsed);
  BOOL present = FALSE;
  BOOL defaulted = FALSE;
  PACL list = nullptr;
  if (!GetSecurityDescriptorDacl(parsed, &present, &list, &defaulted)) return GetLastError();
  if (!present) return ERROR_INVALID_ACL;
  const OwnedHandle pipe = OpenPipe(path, READ_CONTROL | WRITE_DAC);
  if (!IsOpen(pipe)) return GetLastError();
  return SetSecurityInfo(pipe.get(), SE_KERNEL_OBJECT, DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
                         nullptr, nullptr, list, nullptr);
}

struct Owner {
  DWORD error = ERROR_SUCCESS;
  std::optional<std::wstring> owner = {};
  std::optional<std::wstring> access = {};
  ULONG process = 0;
};

std::optional<std::wstring> AccessText(PSECURITY_DESCRIPTOR descriptor) {
  wchar_t* text = nullptr;
  if (!ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor, SDDL_REVISION_1, DACL_SECURITY_INFORMATION,
                                                            &text, nullptr)) {
    return std::nullopt;
  }
  const LocalMemory<wchar_t> owned(text);
  return std::wstring(text);
}

Owner OwnerOf(HANDLE object, SE_OBJECT_TYPE type) {
  PSID owner = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  const DWORD error = GetSecurityInfo(object, type, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, &owner,
                                      nullptr, nullptr, nullptr, &descriptor);
  const LocalMemory<void> owned(descriptor);
  if (error != ERROR_SUCCESS) return {.error = error};
  return {.owner = SecurityIdText(owner), .access = AccessText(descriptor)};
}

Owner PipeServer(const std::wstring& path) {
  const OwnedHandle pipe = OpenPipe(path, READ_CONTROL | FILE_READ_ATTRIBUTES);
  if (!IsOpen(pipe)) return {.error = GetLastError()};
  Owner found = OwnerOf(pipe.get(), SE_KERNEL_OBJECT);
  // Only a fact for messages: a server that has gone in the meantime has none.
  GetNamedPipeServerProcessId(pipe.get(), &found.process);
  return found;
}

Owner FileOwner(const std::wstring& path) {
  const OwnedHandle file(CreateFileW(path.c_str(), READ_CONTROL,
                                     FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                                     FILE_FLAG_BACKUP_SEMANTICS, nullptr));
  if (!IsOpen(file)) return {.error = GetLastError()};
  return OwnerOf(file.get(), SE_FILE_OBJECT);
}

Napi::Object ToObject(Napi::Env env, const Owner& found) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("error", Napi::Number::New(env, found.error));
  object.Set("owner", TextOrNull(env, found.owner));
  object.Set("access", TextOrNull(env, found.access));
  object.Set("process", Napi::Number::New(env, found.process));
  return object;
}

Napi::Value AskOwner(const Napi::CallbackInfo& info, Owner (*ask)(const std::wstring&)) {
  return OnOwnThread(info.Env(), [ask, path = TextArgument(info, 0)]() -> Conversion {
    return [found = ask(path)](Napi::Env env) -> Napi::Value { return ToObject(env, found); };
  });
}

Napi::Value GetPipeServer(const Napi::CallbackInfo& info) { return AskOwner(info, PipeServer); }

Napi::Value GetFileOwner(const Napi::CallbackInfo& info) { return AskOwner(info, FileOwner); }

Napi::Value SetPipeAccess(const Napi::CallbackInfo& info) {
  return OnOwnThread(info.Env(), [path = TextArgument(info, 0), descriptor = TextArgument(info, 1)]() -> Conversion {
    const DWORD error = SetAccess(path, descriptor);
    return [error](Napi::Env env) -> Napi::Value { return Napi::Number::New(env, error); };
  });
}

}  // namespace

void DefineObjectSecurity(Napi::Env env, Napi::Object exports) {
  exports.Set("setPipeAccess", Napi::Function::New<SetPipeAccess>(env));
  exports.Set("pipeServer", Napi::Function::New<GetPipeServer>(env));
  exports.Set("fileOwner", Napi::Function::New<GetFileOwner>(env));
}

}  // namespace tswsl
