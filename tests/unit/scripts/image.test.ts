import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { elfNeeds } from "../../../scripts/lib/elf.ts";
import { merged } from "../../../scripts/lib/image-tree.ts";
import { parsePackageList } from "../../../scripts/lib/package-list.ts";

test("the running Node is a program that needs libc and the loader", () => {
  const needs = elfNeeds(readFileSync(process.execPath));
  expect(needs?.interpreter).toBe("/lib64/ld-linux-x86-64.so.2");
  expect(needs?.libraries).toContain("libc.so.6");
});

test("what is no ELF file has no needs", () => {
  expect(elfNeeds(Buffer.from("#!/bin/sh\n"))).toBeUndefined();
  expect(elfNeeds(Buffer.alloc(0))).toBeUndefined();
});

test("paths from before the merger of /usr are moved there", () => {
  expect(merged("/bin/tar")).toBe("/usr/bin/tar");
  expect(merged("/lib64/ld-linux-x86-64.so.2")).toBe("/usr/lib64/ld-linux-x86-64.so.2");
  expect(merged("/usr/bin/crun")).toBe("/usr/bin/crun");
  expect(merged("/etc/mke2fs.conf")).toBe("/etc/mke2fs.conf");
});

test("a package list is packages and absolute paths", () => {
  expect(parsePackageList("# why\ntar  /bin/tar # this\n\n")).toEqual([{ name: "tar", paths: ["/bin/tar"] }]);
  expect(() => parsePackageList("tar")).toThrow("packages.txt");
  expect(() => parsePackageList("tar bin/tar")).toThrow("begin with a slash");
});

test("the list in the tree is well formed", () => {
  expect(parsePackageList(readFileSync("guest/image/packages.txt", "utf8")).length).toBeGreaterThan(5);
});
