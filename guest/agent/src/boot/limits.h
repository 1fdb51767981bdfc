#pragma once

namespace tswsl {

/** Resource limits and kernel settings of the whole VM. Settings that this kernel lacks are skipped. */
void applyLimits();

/** The limit on open files that a command begins with, as WSL's: the hard one is for those who ask. */
inline constexpr unsigned long openFilesSoft = 10240;
inline constexpr unsigned long openFilesHard = 1048576;

}  // namespace tswsl
