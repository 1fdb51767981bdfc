import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { TswslError } from "../../../src/base/errors.ts";
import { StoreDisk } from "../../../src/distro/store-disk.ts";
import type { DiskFormat } from "../../../src/vm/disk-format.ts";
import { rawDisk } from "../../../src/vm/qemu/raw-disk.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

async function place(): Promise<string> {
  return join(await temporaryDirectory(), "store.vhdx");
}

test("the disk is made once, sparse, and stays as it is", async () => {
  const path = await place();
  const disk = new StoreDisk(path, rawDisk);
  expect(await disk.hostBytes()).toBe(0);
  await disk.ensure();
  expect((await stat(path)).size).toBe(256 * 1024 ** 3);
  expect(await disk.hostBytes()).toBe(0);
  await writeFile(path, "content");
  await disk.ensure();
  expect((await stat(path)).size).toBe(7);
});

test("it is made under another name of the same ending, and then renamed", async () => {
  const path = await place();
  const names: string[] = [];
  const format: DiskFormat = {
    create: async (file) => {
      names.push(file);
      await writeFile(file, "");
    },
  };
  await new StoreDisk(path, format).ensure();
  expect(names).toEqual([join(path, "../partial-store.vhdx")]);
  expect(await readdir(join(path, ".."))).toEqual(["store.vhdx"]);
});

test("what is left of a failed attempt is removed, and its reason told", async () => {
  const path = await place();
  const format: DiskFormat = {
    create: async (file) => {
      await writeFile(file, "half");
      throw new TswslError("unavailable", "the disk is full", { hint: "Free some." });
    },
  };
  await expect(new StoreDisk(path, format).ensure()).rejects.toMatchObject({
    code: "unavailable",
    message: `cannot make the store disk ${path}: the disk is full`,
    hint: "Free some.",
  });
  expect(await readdir(join(path, ".."))).toEqual([]);
});

test("a formatted disk that is missing is not made anew", async () => {
  const path = await place();
  const disk = new StoreDisk(path, rawDisk);
  await disk.markFormatted();
  await expect(disk.ensure()).rejects.toMatchObject({ code: "invalid-state" });
});
