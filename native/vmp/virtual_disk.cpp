#include "vmp/virtual_disk.h"

// Defines the GUIDs of virtdisk.h here: mingw has no library that holds them.
#include <initguid.h>
#include <windows.h>
#include <virtdisk.h>

#include "addon/own_thread.h"
#include "addon/text.h"
#include "vmp/windows_handle.h"

namespace tswsl {
namespace {

/** virtdisk.dll. Bound by name, as it is not on every Windows: without the platform some have none. */
struct VirtualDisks {
  HMODULE library;
  decltype(&::CreateVirtualDisk) create;
  decltype(&::OpenVirtualDisk) open;
  decltype(&::ResizeVirtualDisk) resize;
  decltype(&::CompactVirtualDisk) compact;
  decltype(&::GetVirtualDiskInformation) information;
};

template <typename Function>
void Bind(HMODULE library, const char* name, Function* function) {
  // GetProcAddress returns every function as FARPROC; the types are those of the SDK's header.
  *function = reinterpret_cast<Function>(reinterpret_cast<void*>(GetProcAddress(library, name)));
}

VirtualDisks Load() {
  VirtualDisks disks = {};
  disks.library = LoadLibraryExW(L"virtdisk.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (disks.library == nullptr) return disks;
  Bind(disks.library, "CreateVirtualDisk", &disks.create);
  Bind(disks.library, "OpenVirtualDisk", &disks.open);
  Bind(disks.library, "ResizeVirtualDisk", &disks.resize);
  Bind(disks.library, "CompactVirtualDisk", &disks.compact);
  Bind(disks.library, "GetVirtualDiskInformation", &disks.information);
  return disks;
}

const VirtualDisks& Disks() {
  static const VirtualDisks disks = Load();
  return disks;
}

template <typename Function, typename... Arguments>
DWORD Call(Function function, Arguments... arguments) {
  if (function == nullptr) return Disks().library == nullptr ? ERROR_MOD_NOT_FOUND : ERROR_PROC_NOT_FOUND;
  return function(arguments...);
}

constexpr ULONG kVhdx = 3;  // VIRTUAL_STORAGE_TYPE_DEVICE_VHDX

DWORD Create(const std::wstring& path, ULONGLONG bytes, ULONG blockBytes) {
  VIRTUAL_STORAGE_TYPE type = {kVhdx, VIRTUAL_STORAGE_TYPE_VENDOR_MICROSOFT};
  CREATE_VIRTUAL_DISK_PARAMETERS parameters = {};
  parameters.Version = CREATE_VIRTUAL_DISK_VERSION_2;
  parameters.Version2.MaximumSize = bytes;
  parameters.Version2.BlockSizeInBytes = blockBytes;
  HANDLE disk = nullptr;
  // The second version of the parameters wants no access mask.
  const DWORD error = Call(Disks().create, &type, path.c_str(), VIRTUAL_DISK_ACCESS_NONE, nullptr,
                           CREATE_VIRTUAL_DISK_FLAG_NONE, 0UL, &parameters, nullptr, &disk);
  const OwnedHandle owned(disk);
  return error;
}

struct Opened {
  DWORD error;
  OwnedHandle disk;
};

Opened Open(const std::wstring& path, VIRTUAL_DISK_ACCESS_MASK access) {
  // Whatever it is: the file says so.
  VIRTUAL_STORAGE_TYPE type = {VIRTUAL_STORAGE_TYPE_DEVICE_UNKNOWN, {}};
  OPEN_VIRTUAL_DISK_PARAMETERS parameters = {};
  parameters.Version = OPEN_VIRTUAL_DISK_VERSION_1;
  HANDLE disk = nullptr;
  const DWORD error =
      Call(Disks().open, &type, path.c_str(), access, OPEN_VIRTUAL_DISK_FLAG_NONE, &parameters, &disk);
  return {error, OwnedHandle(disk)};
}

DWORD Resize(const std::wstring& path, ULONGLONG bytes) {
  const Opened opened = Open(path, VIRTUAL_DISK_ACCESS_METAOPS);
  if (opened.error != ERROR_SUCCESS) return opened.error;
  RESIZE_VIRTUAL_DISK_PARAMETERS parameters = {};
  parameters.Version = RESIZE_VIRTUAL_DISK_VERSION_1;
  parameters.Version1.NewSize = bytes;
  return Call(Disks().resize, opened.disk.get(), RESIZE_VIRTUAL_DISK_FLAG_NONE, &parameters, nullptr);
}

DWORD Compact(const std::wstring& path) {
  const Opened opened = Open(path, VIRTUAL_DISK_ACCESS_METAOPS);
  if (opened.error != ERROR_SUCCESS) return opened.error;
  COMPACT_VIRTUAL_DISK_PARAMETERS parameters = {};
  parameters.Version = COMPACT_VIRTUAL_DISK_VERSION_1;
  return Call(Disks().compact, opened.disk.get(), COMPACT_VIRTUAL_DISK_FLAG_NONE, &parameters, nullptr);
}

struct Size {
  DWORD error;
  ULONGLONG virtualBytes;
  ULONGLONG physicalBytes;
};

Size SizeOf(const std::wstring& path) {
  const Opened opened = Open(path, VIRTUAL_DISK_ACCESS_GET_INFO);
  if (opened.error != ERROR_SUCCESS) return {opened.error, 0, 0};
  GET_VIRTUAL_DISK_INFO information = {};
  information.Version = GET_VIRTUAL_DISK_INFO_SIZE;
  ULONG bytes = sizeof information;
  const DWORD error = Call(Disks().information, opened.disk.get(), &bytes, &information, nullptr);
  return {error, information.Size.VirtualSize, information.Size.PhysicalSize};
}

Conversion ToConversion(DWORD error) {
  return [error](Napi::Env env) -> Napi::Value { return Napi::Number::New(env, error); };
}

/** A whole number of bytes. JavaScript's numbers hold sizes up to 2^53 exactly. Throws a TypeError for anything else. */
ULONGLONG BytesArgument(const Napi::CallbackInfo& info, size_t index) {
  constexpr double kMaxSafe = 9007199254740991;
  const double value = info[index].IsNumber() ? info[index].As<Napi::Number>().DoubleValue() : -1;
  if (value < 0 || value > kMaxSafe || value != static_cast<double>(static_cast<ULONGLONG>(value))) {
    throw Napi::TypeError::New(info.Env(), "argument " + std::to_string(index) + " must be a number of bytes");
  }
  return static_cast<ULONGLONG>(value);
}

Napi::Value CreateDisk(const Napi::CallbackInfo& info) {
  const ULONGLONG block = BytesArgument(info, 2);
  if (block > MAXDWORD) throw Napi::TypeError::New(info.Env(), "argument 2 must be less than 4 GiB");
  return OnOwnThread(info.Env(), [path = TextArgument(info, 0), bytes = BytesArgument(info, 1),
                                  block = static_cast<ULONG>(block)]() -> Conversion {
    return ToConversion(Create(path, bytes, block));
  });
}

Napi::Value ResizeDisk(const Napi::CallbackInfo& info) {
  return OnOwnThread(info.Env(), [path = TextArgument(info, 0), bytes = BytesArgument(info, 1)]() -> Conversion {
    return ToConversion(Resize(path, bytes));
  });
}

Napi::Value CompactDisk(const Napi::CallbackInfo& info) {
  return OnOwnThread(info.Env(),
                     [path = TextArgument(info, 0)]() -> Conversion { return ToConversion(Compact(path)); });
}

Napi::Value DiskSize(const Napi::CallbackInfo& info) {
  return OnOwnThread(info.Env(), [path = TextArgument(info, 0)]() -> Conversion {
    return [size = SizeOf(path)](Napi::Env env) -> Napi::Value {
      Napi::Object object = Napi::Object::New(env);
      object.Set("error", Napi::Number::New(env, size.error));
      object.Set("virtualBytes", Napi::Number::New(env, static_cast<double>(size.virtualBytes)));
      object.Set("physicalBytes", Napi::Number::New(env, static_cast<double>(size.physicalBytes)));
      return object;
    };
  });
}

}  // namespace

void DefineVirtualDisk(Napi::Env env, Napi::Object exports) {
  exports.Set("createVirtualDisk", Napi::Function::New<CreateDisk>(env));
  exports.Set("resizeVirtualDisk", Napi::Function::New<ResizeDisk>(env));
  exports.Set("compactVirtualDisk", Napi::Function::New<CompactDisk>(env));
  exports.Set("virtualDiskSize", Napi::Function::New<DiskSize>(env));
}

}  // namespace tswsl
