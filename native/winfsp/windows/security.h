#pragma once

#include "winfsp/request.h"
#include "winfsp/windows/library.h"

namespace tswsl::winfsp {

/** As whose all files are shown: the distro's users are nobody to Windows. By the numbers that WinFsp gives to accounts. */
struct Owner {
  UINT32 uid = 0;
  UINT32 gid = 0;
};

/** The user of this process. */
Owner OwnerOfProcess(const Library& library);

/** Copies the descriptor that stands for a file's permissions. STATUS_BUFFER_OVERFLOW with the size when there is no room. */
NtStatus CopyDescriptor(const Library& library, Owner owner, const Attributes& attributes, PSECURITY_DESCRIPTOR buffer,
                        SIZE_T* size);

/** The permission bits after a change of a file's descriptor. */
NtStatus ChangedMode(const Library& library, Owner owner, const Attributes& attributes, SECURITY_INFORMATION what,
                     PSECURITY_DESCRIPTOR change, UINT32* mode);

}  // namespace tswsl::winfsp
