#pragma once

#include <memory>

#include "agent/services.h"
#include "base/json.h"
#include "wire/yamux_stream.h"

namespace tswsl {

/** Handler for a stream of kind `files`. Throws Failure when the header or the distro's state forbids it. */
std::shared_ptr<yamux::StreamHandler> serveFiles(Services& services, std::shared_ptr<yamux::Stream> stream,
                                                 const Json& header);

}  // namespace tswsl
