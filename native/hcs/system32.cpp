#include "hcs/system32.h"

namespace tswsl {

HMODULE LoadFromSystem32(const wchar_t* name) { return LoadLibraryExW(name, nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32); }

}  // namespace tswsl
