#pragma once

#include <string>

namespace tswsl {

/** What the service was installed with: `tswslsvc.exe [--home DIRECTORY]`. */
struct ServiceOptions {
  /** The state directory to serve. Without --home that of the account which the service runs as. */
  std::wstring home;
  /** tswsl.exe, beside this program. */
  std::wstring program;
};

/** Reads this process's command line and its place. */
ServiceOptions ReadOptions();

}  // namespace tswsl
