import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** C programs of `tests/support/programs`, for any Linux: each file's head says what it does. */
export type Program = "file-exerciser" | "mapped-beside" | "random-tree" | "shared-counter";

/** Compiles one into a directory, without libraries; the answer is its path. */
export function buildProgram(program: Program, directory: string): string {
  const source = join(import.meta.dirname, "programs", `${program}.c`);
  const built = join(directory, program);
  execFileSync("gcc", ["-O2", "-static", "-o", built, source], { timeout: 120_000 });
  return built;
}
