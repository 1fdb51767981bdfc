#pragma once

#include <fuse_lowlevel.h>

#include "winfsp/request.h"

namespace tswsl {

/** Sends an answer that is no error. Returns how much of it the kernel took. */
using Reply = uint32_t (*)(fuse_req_t request, const Answer& answer, uint64_t length);

uint32_t ReplyNothing(fuse_req_t request, const Answer& answer, uint64_t length);
uint32_t ReplyEntry(fuse_req_t request, const Answer& answer, uint64_t length);
uint32_t ReplyAttributes(fuse_req_t request, const Answer& answer, uint64_t length);
uint32_t ReplyTarget(fuse_req_t request, const Answer& answer, uint64_t length);
uint32_t ReplyHandle(fuse_req_t request, const Answer& answer, uint64_t length);
uint32_t ReplyCreated(fuse_req_t request, const Answer& answer, uint64_t length);
uint32_t ReplyBytes(fuse_req_t request, const Answer& answer, uint64_t length);
uint32_t ReplyCount(fuse_req_t request, const Answer& answer, uint64_t length);
uint32_t ReplyDirectory(fuse_req_t request, const Answer& answer, uint64_t length);
uint32_t ReplyDirectoryWithAttributes(fuse_req_t request, const Answer& answer, uint64_t length);
uint32_t ReplyStatistics(fuse_req_t request, const Answer& answer, uint64_t length);

}  // namespace tswsl
