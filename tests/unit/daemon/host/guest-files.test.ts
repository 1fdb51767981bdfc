import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeManifest } from "../../../../scripts/lib/guest-manifest.ts";
import { guestFilesFinding, inspectGuestFiles } from "../../../../src/daemon/host/guest-files.ts";
import { version } from "../../../../src/daemon/version.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const { signal } = new AbortController();

test("files that were built together are whole until one changes or goes", async () => {
  const directory = await temporaryDirectory();
  const names = ["vmlinux", "initrd.img", "system.erofs"];
  for (const name of names) writeFileSync(join(directory, name), `the content of ${name}`);
  writeManifest(directory, names);

  const whole = await inspectGuestFiles(directory, signal);
  expect(whole.files).toEqual(names.map((name) => ({ name, state: "whole" })));
  expect(guestFilesFinding(whole, version).state).toBe("ok");

  writeFileSync(join(directory, "vmlinux"), "the content of vmlinuz");
  writeFileSync(join(directory, "initrd.img"), "cut off");
  const mixed = await inspectGuestFiles(directory, signal);
  expect(mixed.files.map(({ state }) => state)).toEqual(["changed", "changed", "whole"]);
  expect(guestFilesFinding(mixed, version).what).toContain("vmlinux is changed, initrd.img is changed");
});

test.each(["", "{}", "[1", '{"version":1,"files":[]}'])("a manifest like %j is none", async (text) => {
  const directory = await temporaryDirectory();
  writeFileSync(join(directory, "manifest.json"), text);
  expect(await inspectGuestFiles(directory, signal)).toEqual({ directory, version: undefined, files: [] });
});
