#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "winfsp/request.h"

namespace tswsl::winfsp {

/** What WinFsp's FileContext points to: one opening of a file, from Create or Open to Close. */
struct OpenFile {
  uint64_t node = 0;
  bool directory = false;
  /** The directory's own `.` and `..` are not listed in the root. */
  bool root = false;
  /** Guards the rest: WinFsp reads a directory from several threads. */
  std::mutex mutex;
  /** Of a file from the beginning, if its content was asked for; of a directory from its first listing. */
  std::optional<uint64_t> handle;
  /** Where to go on after each name that was given last. */
  std::map<std::wstring, uint64_t> positions;
};

}  // namespace tswsl::winfsp
