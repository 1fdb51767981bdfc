#include "ntfs/arguments.h"

#include <string>

namespace tswsl {
namespace {

constexpr double kMaxSafe = 9007199254740991;

/** Of whole numbers only, from `least` to `most`. */
double WholeNumber(const Napi::CallbackInfo& info, size_t index, double least, double most) {
  const double value = info[index].IsNumber() ? info[index].As<Napi::Number>().DoubleValue() : least - 1;
  if (!(value >= least && value <= most) || value != static_cast<double>(static_cast<LONGLONG>(value))) {
    throw Napi::TypeError::New(info.Env(), "argument " + std::to_string(index) + " must be a whole number");
  }
  return value;
}

}  // namespace

ULONG NumberArgument(const Napi::CallbackInfo& info, size_t index) {
  return static_cast<ULONG>(WholeNumber(info, index, 0, MAXDWORD));
}

HANDLE HandleArgument(const Napi::CallbackInfo& info, size_t index) { return ULongToHandle(NumberArgument(info, index)); }

Bytes BytesArgument(const Napi::CallbackInfo& info, size_t index) {
  if (!info[index].IsTypedArray() || info[index].As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    throw Napi::TypeError::New(info.Env(), "argument " + std::to_string(index) + " must be a Uint8Array");
  }
  auto array = info[index].As<Napi::Uint8Array>();
  if (array.ByteLength() > MAXLONG) {
    throw Napi::TypeError::New(info.Env(), "argument " + std::to_string(index) + " is too large");
  }
  return {array.Data(), static_cast<ULONG>(array.ByteLength())};
}

Bytes OptionalBytesArgument(const Napi::CallbackInfo& info, size_t index) {
  if (info[index].IsNull() || info[index].IsUndefined()) return {};
  return BytesArgument(info, index);
}

LARGE_INTEGER OffsetArgument(const Napi::CallbackInfo& info, size_t index) {
  LARGE_INTEGER offset;
  // -1 is FILE_WRITE_TO_END_OF_FILE.
  offset.QuadPart = static_cast<LONGLONG>(WholeNumber(info, index, -1, kMaxSafe));
  return offset;
}

Napi::Value StatusOr(Napi::Env env, NTSTATUS status, ULONG_PTR value) {
  return Napi::Number::New(env, status < 0 ? static_cast<double>(status) : static_cast<double>(value));
}

}  // namespace tswsl
