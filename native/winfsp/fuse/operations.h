#pragma once

#include <fuse_lowlevel.h>

namespace tswsl {

/** Each operation as a request to the volume of the session's FuseContext. */
const fuse_lowlevel_ops& FuseOperations();

}  // namespace tswsl
