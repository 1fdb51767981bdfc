#include <windows.h>

#include "service/service.h"

// The service host: starts tswsl's daemon, and starts it again when it dies. docs/windows.md says how it is installed.
int WINAPI wWinMain(HINSTANCE, HINSTANCE, PWSTR, int) { return tswsl::RunService(); }
