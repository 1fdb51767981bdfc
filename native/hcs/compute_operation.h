#pragma once

#include <functional>

#include "hcs/compute_core.h"
#include "hcs/outcome.h"

namespace tswsl {

/** A call that an operation tracks: it starts something, and the outcome comes through the operation. */
using TrackedCall = std::function<HRESULT(HCS_OPERATION)>;

/**
 * Makes a call and waits for its outcome, however long the service takes. When the call itself is refused the operation
 * is asked as well: its document is what says why.
 */
Outcome WaitForOperation(const TrackedCall& call);

}  // namespace tswsl
