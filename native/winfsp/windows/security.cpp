#include "winfsp/windows/security.h"

#include <cstring>
#include <vector>

#include "winfsp/windows/status.h"

namespace tswsl::winfsp {
namespace {

using Maker = NtStatus (*)();

// Memory of the library's own, given back to it with the name of the function that made it.
class Descriptor {
 public:
  Descriptor(const Library& library, Maker maker) : library_(library), maker_(maker) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ != nullptr) library_.FspDeleteSecurityDescriptor(value_, maker_);
  }
  PSECURITY_DESCRIPTOR get() const { return value_; }
  PSECURITY_DESCRIPTOR* out() { return &value_; }

 private:
  const Library& library_;
  const Maker maker_;
  PSECURITY_DESCRIPTOR value_ = nullptr;
};

template <typename Function>
Maker MakerOf(Function function) {
  // Compared by the library, never called.
  return reinterpret_cast<Maker>(reinterpret_cast<void*>(function));
}

UINT32 UidOf(const Library& library, HANDLE token, TOKEN_INFORMATION_CLASS what) {
  DWORD size = 0;
  GetTokenInformation(token, what, nullptr, 0, &size);
  std::vector<BYTE> buffer(size);
  UINT32 uid = 0;
  if (size == 0 || !GetTokenInformation(token, what, buffer.data(), size, &size)) return uid;
  // TOKEN_USER and TOKEN_PRIMARY_GROUP both begin with the SID's address.
  PSID sid = *reinterpret_cast<PSID*>(buffer.data());
  library.FspPosixMapSidToUid(sid, &uid);
  return uid;
}

}  // namespace

Owner OwnerOfProcess(const Library& library) {
  HANDLE token = nullptr;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return {};
  const Owner owner{.uid = UidOf(library, token, TokenUser), .gid = UidOf(library, token, TokenPrimaryGroup)};
  CloseHandle(token);
  return owner;
}

NtStatus CopyDescriptor(const Library& library, Owner owner, const Attributes& attributes, PSECURITY_DESCRIPTOR buffer,
                        SIZE_T* size) {
  if (size == nullptr) return kSuccess;
  Descriptor descriptor(library, MakerOf(library.FspPosixMapPermissionsToSecurityDescriptor));
  const NtStatus status =
      library.FspPosixMapPermissionsToSecurityDescriptor(owner.uid, owner.gid, attributes.mode, descriptor.out());
  if (status < 0) return status;
  const SIZE_T needed = GetSecurityDescriptorLength(descriptor.get());
  const bool fits = needed <= *size;
  *size = needed;
  if (!fits) return kBufferOverflow;
  if (buffer != nullptr) std::memcpy(buffer, descriptor.get(), needed);
  return kSuccess;
}

NtStatus ChangedMode(const Library& library, Owner owner, const Attributes& attributes, SECURITY_INFORMATION what,
                     PSECURITY_DESCRIPTOR change, UINT32* mode) {
  Descriptor before(library, MakerOf(library.FspPosixMapPermissionsToSecurityDescriptor));
  NtStatus status =
      library.FspPosixMapPermissionsToSecurityDescriptor(owner.uid, owner.gid, attributes.mode, before.out());
  if (status < 0) return status;
  Descriptor after(library, MakerOf(library.FspSetSecurityDescriptor));
  status = library.FspSetSecurityDescriptor(before.get(), what, change, after.out());
  if (status < 0) return status;
  UINT32 uid = 0;
  UINT32 gid = 0;
  return library.FspPosixMapSecurityDescriptorToPermissions(after.get(), &uid, &gid, mode);
}

}  // namespace tswsl::winfsp
