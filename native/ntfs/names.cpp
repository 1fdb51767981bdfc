#include "ntfs/names.h"

#include <string>

#include "addon/text.h"
#include "ntfs/arguments.h"

namespace tswsl {
namespace {

/** A UNICODE_STRING counts bytes in 16 bits. */
constexpr size_t kMaxUnits = 0x7ffe;

/** The text in place, which is not changed by the calls it is for. */
UNICODE_STRING Counted(const Napi::Env& env, std::wstring& text) {
  if (text.size() > kMaxUnits) throw Napi::TypeError::New(env, "the name is too long");
  const auto bytes = static_cast<USHORT>(text.size() * sizeof(wchar_t));
  return {bytes, bytes, text.data()};
}

// Every handle is synchronous, so that no call answers "pending", and shares everything, so that other programs go on
// as if it were not there.
Napi::Value Open(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::wstring text = TextArgument(info, 1);
  UNICODE_STRING name = Counted(env, text);
  OBJECT_ATTRIBUTES object = {};
  object.Length = sizeof object;
  object.RootDirectory = HandleArgument(info, 0);
  object.ObjectName = &name;
  object.Attributes = OBJ_CASE_INSENSITIVE;
  const Bytes attributes = OptionalBytesArgument(info, 6);
  HANDLE file = nullptr;
  IO_STATUS_BLOCK io = {};
  const NTSTATUS status =
      NtCreateFile(&file, NumberArgument(info, 2) | SYNCHRONIZE, &object, &io, nullptr, NumberArgument(info, 5),
                   FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NumberArgument(info, 3),
                   NumberArgument(info, 4) | FILE_SYNCHRONOUS_IO_NONALERT, attributes.data, attributes.length);
  return StatusOr(env, status, HandleToULong(file));
}

Napi::Value Close(const Napi::CallbackInfo& info) {
  return StatusOr(info.Env(), NtClose(HandleArgument(info, 0)), 0);
}

Napi::Value Query(const Napi::CallbackInfo& info) {
  const Bytes into = BytesArgument(info, 2);
  IO_STATUS_BLOCK io = {};
  const NTSTATUS status = NtQueryInformationFile(HandleArgument(info, 0), &io, into.data, into.length,
                                                 static_cast<FILE_INFORMATION_CLASS>(NumberArgument(info, 1)));
  return StatusOr(info.Env(), status, io.Information);
}

Napi::Value Change(const Napi::CallbackInfo& info) {
  const Bytes from = BytesArgument(info, 2);
  IO_STATUS_BLOCK io = {};
  const NTSTATUS status = NtSetInformationFile(HandleArgument(info, 0), &io, from.data, from.length,
                                               static_cast<FILE_INFORMATION_CLASS>(NumberArgument(info, 1)));
  return StatusOr(info.Env(), status, 0);
}

Napi::Value List(const Napi::CallbackInfo& info) {
  const Bytes into = BytesArgument(info, 3);
  std::wstring text = OptionalTextArgument(info, 4).value_or(L"");
  UNICODE_STRING only = Counted(info.Env(), text);
  const bool restart = info[2].ToBoolean();
  IO_STATUS_BLOCK io = {};
  const NTSTATUS status =
      NtQueryDirectoryFile(HandleArgument(info, 0), nullptr, nullptr, nullptr, &io, into.data, into.length,
                           static_cast<FILE_INFORMATION_CLASS>(NumberArgument(info, 1)), FALSE,
                           text.empty() ? nullptr : &only, restart ? TRUE : FALSE);
  return StatusOr(info.Env(), status, io.Information);
}

Napi::Value QueryVolume(const Napi::CallbackInfo& info) {
  const Bytes into = BytesArgument(info, 2);
  IO_STATUS_BLOCK io = {};
  const NTSTATUS status = NtQueryVolumeInformationFile(HandleArgument(info, 0), &io, into.data, into.length,
                                                       static_cast<FS_INFORMATION_CLASS>(NumberArgument(info, 1)));
  return StatusOr(info.Env(), status, io.Information);
}

Napi::Value QueryAttributes(const Napi::CallbackInfo& info) {
  const Bytes names = BytesArgument(info, 1);
  const Bytes into = BytesArgument(info, 2);
  IO_STATUS_BLOCK io = {};
  const NTSTATUS status = NtQueryEaFile(HandleArgument(info, 0), &io, into.data, into.length, FALSE, names.data,
                                        names.length, nullptr, TRUE);
  return StatusOr(info.Env(), status, io.Information);
}

Napi::Value ChangeAttributes(const Napi::CallbackInfo& info) {
  const Bytes from = BytesArgument(info, 1);
  IO_STATUS_BLOCK io = {};
  return StatusOr(info.Env(), NtSetEaFile(HandleArgument(info, 0), &io, from.data, from.length), 0);
}

Napi::Value Control(const Napi::CallbackInfo& info) {
  const Bytes from = OptionalBytesArgument(info, 2);
  const Bytes into = OptionalBytesArgument(info, 3);
  IO_STATUS_BLOCK io = {};
  const NTSTATUS status = NtFsControlFile(HandleArgument(info, 0), nullptr, nullptr, nullptr, &io,
                                          NumberArgument(info, 1), from.data, from.length, into.data, into.length);
  return StatusOr(info.Env(), status, io.Information);
}

}  // namespace

void DefineNames(Napi::Env env, Napi::Object exports) {
  exports.Set("open", Napi::Function::New<Open>(env));
  exports.Set("close", Napi::Function::New<Close>(env));
  exports.Set("query", Napi::Function::New<Query>(env));
  exports.Set("change", Napi::Function::New<Change>(env));
  exports.Set("list", Napi::Function::New<List>(env));
  exports.Set("queryVolume", Napi::Function::New<QueryVolume>(env));
  exports.Set("queryAttributes", Napi::Function::New<QueryAttributes>(env));
  exports.Set("changeAttributes", Napi::Function::New<ChangeAttributes>(env));
  exports.Set("control", Napi::Function::New<Control>(env));
}

}  // namespace tswsl
