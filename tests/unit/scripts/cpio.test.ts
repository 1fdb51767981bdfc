import { expect, test } from "vitest";
import { packCpio, type CpioEntry } from "../../../scripts/lib/cpio.ts";

const entries: CpioEntry[] = [
  { kind: "folder", path: "dev", mode: 0o755 },
  { kind: "character-device", path: "dev/console", mode: 0o600, major: 5, minor: 1 },
  { kind: "file", path: "init", mode: 0o755, content: Buffer.from("hello") },
];

/** Reads an archive back with nothing but the format's own rules. */
function unpack(archive: Buffer): { name: string; fields: number[]; content: string }[] {
  const found = [];
  for (let at = 0; at < archive.length;) {
    expect(archive.toString("latin1", at, at + 6)).toBe("070701");
    const fields = Array.from({ length: 13 }, (_, i) =>
      Number.parseInt(archive.toString("latin1", at + 6 + i * 8, at + 14 + i * 8), 16),
    );
    const [contentSize = 0, nameSize = 0] = [fields[6], fields[11]];
    const name = archive.toString("utf8", at + 110, at + 110 + nameSize - 1);
    expect(archive[at + 110 + nameSize - 1], "a name ends with a zero byte").toBe(0);
    const content = Math.ceil((at + 110 + nameSize) / 4) * 4;
    found.push({ name, fields, content: archive.toString("utf8", content, content + contentSize) });
    at = Math.ceil((content + contentSize) / 4) * 4;
  }
  return found;
}

test("an archive holds its entries in order and ends with the trailer", () => {
  const found = unpack(packCpio(entries));
  expect(found.map(({ name }) => name)).toEqual(["dev", "dev/console", "init", "TRAILER!!!"]);
  expect(found[2]?.content).toBe("hello");
});

test("types, modes and device numbers are where the kernel looks for them", () => {
  const [folder, console, init] = unpack(packCpio(entries)).map(({ fields }) => fields);
  expect(folder?.[1]).toBe(0o040755);
  expect(console?.[1]).toBe(0o020600);
  expect(console?.slice(9, 11)).toEqual([5, 1]);
  expect(init?.[1]).toBe(0o100755);
});

test("inode numbers differ, for the kernel takes equal ones for hard links", () => {
  const inodes = unpack(packCpio(entries))
    .slice(0, -1)
    .map(({ fields }) => fields[0]);
  expect(new Set(inodes).size).toBe(entries.length);
});

test("nothing of the builder or the hour is in it", () => {
  expect(packCpio(entries)).toEqual(packCpio(entries));
  for (const { fields } of unpack(packCpio(entries))) {
    const [, , owner, group, , modified] = fields;
    expect([owner, group, modified]).toEqual([0, 0, 0]);
  }
});

test("names are counted in bytes", () => {
  const [entry] = unpack(packCpio([{ kind: "file", path: "é", mode: 0o644, content: Buffer.from("x") }]));
  expect(entry).toMatchObject({ name: "é", content: "x" });
});
