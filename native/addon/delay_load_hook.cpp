#include <windows.h>
#include <delayimp.h>
#include <string.h>

// An addon's imports from "node.exe" would be looked for in a module of that name, which a renamed or single
// executable is not. They are always in the program itself.
static FARPROC WINAPI ResolveHostProgram(unsigned event, DelayLoadInfo* info) {
  if (event != dliNotePreLoadLibrary || _stricmp(info->szDll, "node.exe") != 0) return nullptr;
  // The hook's result for this event is a module handle (delayimp.h, "dliNotePreLoadLibrary").
  return reinterpret_cast<FARPROC>(GetModuleHandleW(nullptr));
}

// C linkage and no const: this is how mingw's delay-load helper declares what it looks for.
extern "C" {
PfnDliHook __pfnDliNotifyHook2 = ResolveHostProgram;
}
