#pragma once

#include "agent/services.h"
#include "base/json.h"
#include "wire/yamux_stream.h"

namespace tswsl {

/** What takes over a stream whose header is of kind `exec`. Throws Failure when the header cannot be served. */
std::shared_ptr<yamux::StreamHandler> startCommand(Services& services, std::shared_ptr<yamux::Stream> stream,
                                                   const Json& header);

/** The same for `import`. */
std::shared_ptr<yamux::StreamHandler> startImport(Services& services, std::shared_ptr<yamux::Stream> stream,
                                                  const Json& header);

}  // namespace tswsl
