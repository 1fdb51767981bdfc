#pragma once

#include "winfsp/volume.h"
#include "winfsp/windows/library.h"
#include "winfsp/windows/open_file.h"

namespace tswsl::winfsp {

/** Fills the buffer with entries after the one named by the marker, or from the beginning. */
NtStatus ListDirectory(const Library& library, Volume& volume, OpenFile& directory, PCWSTR marker, PVOID buffer,
                       ULONG length, PULONG done);

/** STATUS_DIRECTORY_NOT_EMPTY unless there is nothing in it. */
NtStatus RequireEmpty(Volume& volume, OpenFile& directory);

}  // namespace tswsl::winfsp
