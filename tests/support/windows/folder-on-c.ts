import { mkdtemp, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { onTestFinished } from "vitest";
import { shared } from "./shared-windows.ts";

interface FolderOnC {
  /** Its paths on this Linux, on the Windows, and in the distribution. */
  readonly linux: string;
  readonly windows: string;
  readonly debian: string;
}

/** A folder on drive C:, gone when the running test has finished. */
export async function folderOnC(): Promise<FolderOnC> {
  const { prefix } = await shared();
  const linux = await mkdtemp(join(prefix.path, "drive_c/folder-"));
  onTestFinished(() => rm(linux, { recursive: true, force: true }));
  const name = basename(linux);
  return { linux, windows: `C:\\${name}`, debian: `/mnt/c/${name}` };
}

/** What Windows' own command processor makes of a line. */
export async function inWindows(line: string): Promise<string> {
  return (await (await shared()).runProgram("cmd", ["/c", line])).text;
}
