import type { PathContext } from "../arguments/file-place.ts";
import type { CliProcess } from "../cli.ts";

/** How paths on this command line are read. */
export function pathContext({ cwd }: Pick<CliProcess, "cwd">): PathContext {
  return { cwd, windows: process.platform === "win32" };
}
