#include "ntfs/transfer.h"

#include "addon/own_thread.h"
#include "ntfs/arguments.h"

namespace tswsl {
namespace {

Napi::Value Read(const Napi::CallbackInfo& info) {
  const Bytes into = BytesArgument(info, 1);
  LARGE_INTEGER offset = OffsetArgument(info, 2);
  IO_STATUS_BLOCK io = {};
  const NTSTATUS status = NtReadFile(HandleArgument(info, 0), nullptr, nullptr, nullptr, &io, into.data, into.length,
                                     &offset, nullptr);
  return StatusOr(info.Env(), status, io.Information);
}

Napi::Value Write(const Napi::CallbackInfo& info) {
  const Bytes from = BytesArgument(info, 1);
  LARGE_INTEGER offset = OffsetArgument(info, 2);
  IO_STATUS_BLOCK io = {};
  const NTSTATUS status = NtWriteFile(HandleArgument(info, 0), nullptr, nullptr, nullptr, &io, from.data, from.length,
                                      &offset, nullptr);
  return StatusOr(info.Env(), status, io.Information);
}

Napi::Value Flush(const Napi::CallbackInfo& info) {
  return OnOwnThread(info.Env(), [file = HandleArgument(info, 0)]() -> Conversion {
    IO_STATUS_BLOCK io = {};
    const NTSTATUS status = NtFlushBuffersFile(file, &io);
    return [status](Napi::Env env) { return StatusOr(env, status, 0); };
  });
}

}  // namespace

void DefineTransfer(Napi::Env env, Napi::Object exports) {
  exports.Set("read", Napi::Function::New<Read>(env));
  exports.Set("write", Napi::Function::New<Write>(env));
  exports.Set("flush", Napi::Function::New<Flush>(env));
}

}  // namespace tswsl
