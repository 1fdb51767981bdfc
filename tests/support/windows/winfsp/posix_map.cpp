#include <windows.h>

#include <aclapi.h>
#include <sddl.h>

#include <atomic>
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

#include "file_system.h"

using tswsl::winfsp::NtStatus;

namespace {

constexpr UINT32 kFirstUid = 0x30000;
constexpr auto kInvalidDescriptor = static_cast<NtStatus>(0xC0000079);
constexpr ACCESS_MASK kRights[] = {FILE_GENERIC_EXECUTE, FILE_GENERIC_WRITE, FILE_GENERIC_READ};
constexpr ACCESS_MASK kTells[] = {FILE_EXECUTE, FILE_WRITE_DATA, FILE_READ_DATA};

std::mutex mutex;
/** The accounts that were asked for; the first is number kFirstUid. */
std::vector<std::wstring> accounts;
std::atomic<int> descriptors = 0;

std::wstring AccountOf(UINT32 uid) {
  const std::lock_guard lock(mutex);
  return uid >= kFirstUid && uid - kFirstUid < accounts.size() ? accounts[uid - kFirstUid] : L"S-1-1-0";
}

UINT32 UidOf(const std::wstring& account) {
  const std::lock_guard lock(mutex);
  for (size_t i = 0; i < accounts.size(); i++) {
    if (accounts[i] == account) return kFirstUid + static_cast<UINT32>(i);
  }
  accounts.push_back(account);
  return kFirstUid + static_cast<UINT32>(accounts.size()) - 1;
}

std::wstring TextOf(PSID sid) {
  PWSTR text = nullptr;
  ConvertSidToStringSidW(sid, &text);
  const std::wstring result = text == nullptr ? L"" : text;
  LocalFree(text);
  return result;
}

std::wstring AceOf(UINT32 bits, ACCESS_MASK more, const std::wstring& account) {
  // What everybody may do with every file.
  ACCESS_MASK mask = more | READ_CONTROL | SYNCHRONIZE | FILE_READ_ATTRIBUTES;
  for (int i = 0; i < 3; i++) {
    if ((bits >> i & 1) != 0) mask |= kRights[i];
  }
  wchar_t text[32];
  swprintf(text, 32, L"(A;;0x%lx;;;", mask);
  return text + account + L")";
}

NtStatus FromText(const std::wstring& text, PSECURITY_DESCRIPTOR* result) {
  if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(text.c_str(), SDDL_REVISION_1, result, nullptr)) {
    return kInvalidDescriptor;
  }
  descriptors++;
  return 0;
}

std::wstring ToText(PSECURITY_DESCRIPTOR descriptor, SECURITY_INFORMATION what) {
  PWSTR text = nullptr;
  ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor, SDDL_REVISION_1, what, &text, nullptr);
  const std::wstring result = text == nullptr ? L"" : text;
  LocalFree(text);
  return result;
}

}  // namespace

int DescriptorsInUse() { return descriptors; }

extern "C" {

NtStatus FspPosixMapSidToUid(PSID sid, PUINT32 uid) {
  *uid = UidOf(TextOf(sid));
  return 0;
}

NtStatus FspPosixMapPermissionsToSecurityDescriptor(UINT32 uid, UINT32 gid, UINT32 mode, PSECURITY_DESCRIPTOR* result) {
  const std::wstring owner = AccountOf(uid);
  const std::wstring group = AccountOf(gid);
  const ACCESS_MASK own = STANDARD_RIGHTS_ALL | FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES;
  return FromText(L"O:" + owner + L"G:" + group + L"D:P" + AceOf(mode >> 6, own, owner) + AceOf(mode >> 3, 0, group) +
                      AceOf(mode, 0, L"WD"),
                  result);
}

// The three entries in the order in which they are made above.
NtStatus FspPosixMapSecurityDescriptorToPermissions(PSECURITY_DESCRIPTOR descriptor, PUINT32 uid, PUINT32 gid, PUINT32 mode) {
  PSID owner = nullptr;
  PSID group = nullptr;
  PACL list = nullptr;
  BOOL present = FALSE;
  BOOL defaulted = FALSE;
  if (!GetSecurityDescriptorOwner(descriptor, &owner, &defaulted) ||
      !GetSecurityDescriptorGroup(descriptor, &group, &defaulted) ||
      !GetSecurityDescriptorDacl(descriptor, &present, &list, &defaulted) || !present || list->AceCount != 3) {
    return kInvalidDescriptor;
  }
  *uid = UidOf(TextOf(owner));
  *gid = UidOf(TextOf(group));
  *mode = 0;
  for (DWORD i = 0; i < 3; i++) {
    ACCESS_ALLOWED_ACE* entry = nullptr;
    if (!GetAce(list, i, reinterpret_cast<void**>(&entry))) return kInvalidDescriptor;
    for (int bit = 0; bit < 3; bit++) {
      if ((entry->Mask & kTells[bit]) != 0) *mode |= 1u << (bit + 3 * (2 - i));
    }
  }
  return 0;
}

NtStatus FspSetSecurityDescriptor(PSECURITY_DESCRIPTOR before, SECURITY_INFORMATION what, PSECURITY_DESCRIPTOR change,
                                  PSECURITY_DESCRIPTOR* result) {
  std::wstring text;
  for (const SECURITY_INFORMATION part : {OWNER_SECURITY_INFORMATION, GROUP_SECURITY_INFORMATION, DACL_SECURITY_INFORMATION}) {
    text += ToText((what & part) != 0 ? change : before, part);
  }
  return FromText(text, result);
}

VOID FspDeleteSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, NtStatus (*maker)()) {
  const auto address = reinterpret_cast<void*>(maker);
  if (address != reinterpret_cast<void*>(FspPosixMapPermissionsToSecurityDescriptor) &&
      address != reinterpret_cast<void*>(FspSetSecurityDescriptor)) {
    return;  // Counted as a leak.
  }
  LocalFree(descriptor);
  descriptors--;
}

}  // extern "C"
