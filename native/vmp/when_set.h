#pragma once

#include <napi.h>
#include <windows.h>

#include <functional>

namespace tswsl {

/**
 * Calls back on Node's thread once an event is set, which must stay open until then. Windows's own threads wait for it,
 * which stay: to make one for each wait takes longer than most of what is waited for. Keeps the event loop alive; when
 * the environment ends first, nobody is called, and what `then` holds is never released.
 */
void WhenSet(Napi::Env env, HANDLE event, std::function<void(Napi::Env)> then);

}  // namespace tswsl
