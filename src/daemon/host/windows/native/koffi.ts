import { asTswslError, TswslError } from "../../../../base/errors.ts";
import { loadNativeAddon } from "../../../../base/windows/native-addon.ts";

/**
 * Small Win32 calls that need no C++ go through koffi (docs/dependencies.md). Its native module lies beside the program
 * as the other .node files do, and is loaded without koffi's own JavaScript, which looks for it in node_modules. Raises
 * `unavailable` when it is missing.
 */
export function loadKoffi(): Koffi {
  // What koffi's index.js exports is this very module.
  return loadNativeAddon("koffi") as Koffi;
}

/** What we use of koffi 3. */
export interface Koffi {
  /** A DLL. Raises when Windows cannot load it. */
  load(path: string): KoffiLibrary;
  /** A value in memory that is not ours. */
  decode(at: Pointer, offset: number, type: string): unknown;
}

export interface KoffiLibrary {
  /** A function by its prototype in C. Raises when the DLL does not have it. */
  func(prototype: string): unknown;
}

/** A handle or another address; koffi 3 gives them as numbers of any size. */
export type Pointer = bigint | null;

/** The path of a DLL in System32: names alone are also looked for beside the program. */
export function system32(name: string): string {
  return `${process.env["SystemRoot"] ?? "C:\\Windows"}\\System32\\${name}`;
}

/** A DLL of System32. Raises `unavailable` when this Windows has none of that name. */
export function openLibrary(koffi: Koffi, name: string): KoffiLibrary {
  try {
    return koffi.load(system32(name));
  } catch (cause) {
    throw new TswslError("unavailable", `Windows cannot load ${name}: ${asTswslError(cause).message}`, {
      cause,
      hint: "Check Windows's own files, in a prompt opened with 'Run as administrator': sfc /scannow",
    });
  }
}
