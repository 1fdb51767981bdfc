#pragma once

#include "winfsp/request.h"
#include "winfsp/windows/layout.h"

namespace tswsl::winfsp {

bool IsDirectory(const Attributes& attributes);

/** FILE_ATTRIBUTE_*; permissions are in the security descriptor. */
UINT32 FileAttributesOf(const Attributes& attributes);

void Fill(FileInfo& info, const Attributes& attributes);

/** 100 ns since 1601 to Linux's time. */
Time ToTime(UINT64 file_time);

}  // namespace tswsl::winfsp
