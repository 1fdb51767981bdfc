import { expect, test } from "vitest";
import { fixedDrives } from "../../../../../src/daemon/host/windows/native/drives.ts";
import type { Koffi } from "../../../../../src/daemon/host/windows/native/koffi.ts";

interface Drive {
  /** GetDriveTypeW's: 2 removable, 3 fixed, 4 remote, 5 CD-ROM. */
  readonly type: number;
  readonly ready: boolean;
}

/** A Windows with these drives, by their letters. */
function windowsWith(drives: Readonly<Record<string, Drive>>): Koffi {
  const driveAt = (root: string): Drive | undefined => drives[root.replace(/:\\$/, "")];
  const mask = Object.keys(drives).reduce((bits, letter) => bits | (1 << (letter.charCodeAt(0) - 65)), 0);
  const functions: Record<string, (root: string) => number> = {
    GetLogicalDrives: () => mask,
    GetDriveTypeW: (root) => driveAt(root)?.type ?? 1,
    GetFileAttributesW: (root) => (driveAt(root)?.ready ? 0x16 : 0xffffffff),
  };
  const func = (prototype: string): unknown => functions[/(\w+)\(/.exec(prototype)?.[1] ?? ""];
  return { load: () => ({ func }), decode: () => undefined };
}

test("fixed drives that are ready, in the order of their letters", () => {
  const drives = {
    C: { type: 3, ready: true },
    A: { type: 2, ready: false },
    D: { type: 5, ready: true },
    E: { type: 3, ready: false },
    N: { type: 4, ready: true },
    Z: { type: 3, ready: true },
  };
  expect(fixedDrives(windowsWith(drives))).toEqual(["C:\\", "Z:\\"]);
});

test("no drives at all", () => {
  expect(fixedDrives(windowsWith({}))).toEqual([]);
});
