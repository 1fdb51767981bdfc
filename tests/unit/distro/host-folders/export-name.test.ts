import { expect, test } from "vitest";
import { formatExport, parseExport, plainExport } from "../../../../src/distro/host-folders/export-name.ts";
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

test("options of drvfs that have no meaning here change nothing", () => {
  expect(parseExport("path=%2F;metadata;case=dir;symlinkroot=/mnt/;fallback=1")).toEqual(plainExport("/"));
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
