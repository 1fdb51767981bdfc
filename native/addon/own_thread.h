#pragma once

#include <napi.h>

#include <functional>

namespace tswsl {

/** Makes the JavaScript value of a finished call. Runs on Node's thread. */
using Conversion = std::function<Napi::Value(Napi::Env)>;

/** A call that may block for as long as it likes. Runs on a thread of its own; what it captures is released there. */
using BlockingCall = std::function<Conversion()>;

/**
 * Runs a call on a thread of its own and resolves with its converted result. Not libuv's pool: it has four threads, and
 * calls into Windows' services may take minutes. A call is never given up: its thread ends when the call returns, and is
 * joined before the promise settles. Keeps the event loop alive until then.
 */
Napi::Promise OnOwnThread(Napi::Env env, BlockingCall call);

}  // namespace tswsl
