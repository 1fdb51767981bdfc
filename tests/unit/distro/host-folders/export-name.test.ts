import { expect, test } from "vitest";
import {
  exportPath,
  formatExport,
  parseExport,
  plainExport,
} from "../../../../src/distro/host-folders/export-name.ts";
import { seededRandom } from "../../../support/random.ts";

test.each([
  ["path=%2F", "/"],
  ["path=%2Fhome%2Fm%C3%A9", "/home/mé"],
  ["path=C%3A%5C", "C:\\"],
  ["path=%2Fa%28b%29%27%21%2A", "/a(b)'!*"],
])("%s is the folder %s", (name, path) => {
  expect(formatExport(plainExport(path))).toBe(name);
  expect(parseExport(name)).toEqual(plainExport(path));
});

test("options", () => {
  const name = { ...plainExport("/srv"), readOnly: true, uid: 1000, gid: 100, umask: 0o022, dmask: 0o007 };
  expect(formatExport(name)).toBe("path=%2Fsrv;ro;uid=1000;gid=100;umask=22;dmask=7");
  expect(parseExport(formatExport(name))).toEqual(name);
});

test("options of drives, as mount.drvfs of the guest writes them", () => {
  const drive = { ...plainExport("C:\\"), metadata: true, case: "dir", symlinkRoot: "/mnt/" } as const;
  expect(formatExport(drive)).toBe("path=C%3A%5C;metadata;case=dir;symlinkroot=%2Fmnt%2F");
  expect(parseExport("path=C%3A%5C;symlinkroot=%2Fmnt%2F;case=dir;metadata;fallback=1")).toEqual(drive);
});

test("a name that is too long for the kernel goes on from folder to folder", () => {
  const deep = { ...plainExport(`C:\\${"ü".repeat(300)}\\..`), uid: 1000 };
  const names = exportPath(deep).split("/");
  expect(names.length).toBeGreaterThan(7);
  for (const name of names) expect(name.length).toBeLessThanOrEqual(255);
  const whole = names.map((name) => name.replace(/^more=/, "")).join("");
  expect(parseExport(whole)).toEqual(deep);
  expect(exportPath(plainExport("/home"))).toBe("path=%2Fhome");
});

test.each([
  "",
  "path=",
  "home",
  "path=%",
  "path=%FF",
  "path=%00",
  "path=%2F;rw",
  "path=%2F;ro=1",
  "path=%2F;uid=-1",
  "path=%2F;uid=4294967296",
  "path=%2F;umask=9",
  "path=%2F;umask=77777",
  "path=%2F;metadata=1",
  "path=%2F;case=on",
  "path=%2F;symlinkroot=mnt",
  "path=%2F;symlinkroot=%2F%00",
  `path=${"a".repeat(20_000)}`,
])("is no export: %s", (name) => {
  expect(parseExport(name)).toBeUndefined();
});

test("nothing that a guest may say ends the server", () => {
  const random = seededRandom(5);
  const bytes = (count: number): string =>
    String.fromCharCode(...Array.from({ length: count }, () => Math.floor(random() * 128)));
  for (let round = 0; round < 2000; round += 1) {
    const noise = bytes(1 + (round % 60));
    const parsed = parseExport(round % 2 === 0 ? noise : `path=%2F;${noise}`);
    expect(parsed && parseExport(formatExport(parsed))).toEqual(parsed);
  }
});
