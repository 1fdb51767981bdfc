#pragma once

#include <functional>
#include <optional>

#include "winfsp/volume.h"

namespace tswsl::winfsp {

/** What a path or a creation led to: looked up once, to be forgotten. */
struct Found {
  uint64_t node = 0;
  uint64_t handle = 0;
  Attributes attributes{};
};

/**
 * Sends a request and waits for its answer, which the volume's deadline bounds. `take` is called with an answer that is no error;
 * it may run on another thread, but only during this call. Returns zero or Linux's error number.
 */
int Ask(Volume& volume, Request request, const std::function<void(const Answer&)>& take = {});

/** Requests whose answer is an entry, with a handle for a creation. */
int AskForEntry(Volume& volume, Request request, Found& found);

/** The node of a path below another one, symbolic links followed. */
int LookUp(Volume& volume, uint64_t node, const std::string& path, Found& found);

/** The root is never forgotten. */
void Forget(Volume& volume, uint64_t node);

int GetAttributes(Volume& volume, uint64_t node, std::optional<uint64_t> handle, Attributes& attributes);

}  // namespace tswsl::winfsp
