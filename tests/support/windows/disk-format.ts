import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { Hresult, HresultFailure } from "./hresults.ts";

/** Refuses what is no VHD or VHDX, by ending and content, as HCS does: a raw image boots on QEMU and nowhere else. */
export function checkDiskFormat(path: string): void {
  if (/\.vhdx$/i.test(path)) return expectText(path, "vhdxfile", () => 0);
  if (/\.vhd$/i.test(path)) return expectText(path, "conectix", (size) => size - 512);
  throw new HresultFailure(Hresult.noProviderForDisk, `${path} is neither VHD nor VHDX`);
}

function expectText(path: string, text: string, where: (size: number) => number): void {
  const file = openSync(path, "r");
  try {
    const found = Buffer.alloc(text.length);
    readSync(file, found, 0, text.length, Math.max(0, where(fstatSync(file).size)));
    if (found.toString("latin1") === text) return;
  } finally {
    closeSync(file);
  }
  throw new HresultFailure(Hresult.fileCorrupt, `${path} is damaged`);
}
