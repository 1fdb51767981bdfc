#pragma once

#include "host_link.h"

/** Who frees the strings of a library. */
enum class FreedWith { LocalFree, CoTaskMemFree };

/**
 * Gives a string to the caller and keeps count of it. To see it freed, LocalFree and CoTaskMemFree are wrapped in the
 * import tables of the process's addons (*.node); each free is told to the host, with what it was freed with.
 */
void ReturnString(const wchar_t* role, FreedWith freedWith, const Field& text, PWSTR* out);
