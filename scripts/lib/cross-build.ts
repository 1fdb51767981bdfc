import { join } from "node:path";
import { cmakeBuild, type CmakeBuildSpec, type CmakeTarget } from "./cmake-build.ts";
import type { Progress } from "./progress.ts";

const TOOLCHAIN = join(import.meta.dirname, "../../native/toolchain-mingw64.cmake");

const windows: CmakeTarget = {
  host: "Windows",
  tools: {
    cmake: "cmake",
    make: "make",
    "x86_64-w64-mingw32-g++-posix": "g++-mingw-w64-x86-64-posix",
  },
  definitions: [`-DCMAKE_TOOLCHAIN_FILE=${TOOLCHAIN}`],
  inputs: [TOOLCHAIN],
};

/** Builds a CMake project for Windows with mingw-w64 and returns the folder of its products, from the cache if it can. */
export async function crossBuild(
  spec: CmakeBuildSpec,
  signal: AbortSignal,
  progress: Progress,
): Promise<string> {
  return await cmakeBuild(spec, windows, signal, progress);
}
