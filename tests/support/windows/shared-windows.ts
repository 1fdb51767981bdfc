import { inject } from "vitest";
import type { Result, RunOptions } from "../instance.ts";
import { WindowsInstance } from "./windows-instance.ts";
import { WinePrefix } from "./wine-prefix.ts";

let opened: Promise<WindowsInstance> | undefined;

/** The instance that all of these tests share. */
export async function shared(): Promise<WindowsInstance> {
  opened ??= WinePrefix.open(inject("winePrefix")).then((prefix) =>
    WindowsInstance.open(prefix, inject("windowsScratch")),
  );
  return opened;
}

/** Runs a shell line in its Debian as root. */
export async function inDebian(line: string, options?: RunOptions): Promise<Result> {
  return (await shared()).run(["-d", "debian", "--", "sh", "-c", line], options);
}
