#pragma once

#include <napi.h>

#include "winfsp/request.h"

namespace tswsl {

/** The object that native.d.ts declares for this operation. */
Napi::Object ToJs(Napi::Env env, Request& request);

/**
 * The answer to a request of this operation. Throws a JavaScript TypeError for a value that is not what native.d.ts says.
 * The bytes of the answer are the value's.
 */
Answer FromJs(Operation operation, const Napi::Value& value);

/** An integer that is not negative, up to 2^53. Throws a TypeError for anything else. */
uint64_t ToUnsigned(const Napi::Value& value, const char* what);

}  // namespace tswsl
