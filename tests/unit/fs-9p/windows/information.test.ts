import { describe, expect, test } from "vitest";
import {
  decodeExtended,
  encodeExtended,
  encodeExtendedNames,
} from "../../../../src/fs-9p/host-disk/windows/extended-attributes.ts";
import { fileTime, nanosecondsOfFileTime } from "../../../../src/fs-9p/host-disk/windows/file-time.ts";
import {
  decodeListing,
  decodeStatLx,
  encodeBasic,
  encodeNewName,
} from "../../../../src/fs-9p/host-disk/windows/information.ts";
import { checkedMetadata, decodeMetadata } from "../../../../src/fs-9p/host-disk/windows/metadata.ts";
import { errnoOfStatus } from "../../../../src/fs-9p/errors/nt-status.ts";
import { seededRandom } from "../../../support/random.ts";
import { mutated } from "../message-maker.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ""), "hex");
const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

describe("extended attributes", () => {
  const list = [
    { name: "$LXUID", value: number(1000) },
    { name: "$LXMOD", value: number(0o100644) },
  ];

  test("stand in a chain, each at a multiple of four", () => {
    expect(encodeExtended(list)).toEqual(
      hex(`14000000 00 06 0400 244c5855494400 e8030000 00
           00000000 00 06 0400 244c584d4f4400 a4810000`),
    );
    expect(decodeExtended(encodeExtended(list))).toEqual(list);
  });

  test("are asked for by their names", () => {
    expect(encodeExtendedNames(["$LXUID", "A"])).toEqual(hex("0c000000 06 244c5855494400 00000000 01 4100"));
  });

  test("without a value are not there", () => {
    const uid = { name: "$LXUID", value: number(1000) };
    expect(decodeExtended(encodeExtended([{ name: "A", value: new Uint8Array() }, uid]))).toEqual([uid]);
  });

  test("of any bytes are read within them, and to an end", () => {
    let understood = 0;
    for (let seed = 1; seed <= 5000; seed += 1) {
      const bytes = mutated(encodeExtended(list), seededRandom(seed));
      const found = decodeExtended(bytes);
      understood += found.length;
      expect(found.length).toBeLessThanOrEqual(bytes.length / 8);
      const { uid, gid, mode } = checkedMetadata(decodeMetadata(bytes), 0o100000);
      expect(uid).not.toBe(0xffff_ffff);
      expect(gid).toBeUndefined();
      expect((mode ?? 0) & ~0o7777).toBe(0);
    }
    expect(understood).toBeGreaterThan(1000);
  });

  test("are believed when they can be", () => {
    const regular = 0o100000;
    const device = { major: 1, minor: 3 };
    expect(checkedMetadata({ uid: 5, gid: 6, mode: 0o100640, device }, regular)).toEqual({
      uid: 5,
      gid: 6,
      mode: 0o640,
      device: undefined,
    });
    expect(checkedMetadata({ mode: 0o40755 }, regular).mode).toBe(0);
    expect(checkedMetadata({ mode: 0x1_0000_0000 - 1 }, regular).mode).toBe(0);
    expect(checkedMetadata({ uid: 0xffff_ffff, gid: 0xffff_ffff }, regular)).toMatchObject({
      uid: undefined,
      gid: undefined,
    });
    expect(checkedMetadata({ mode: 0o20666, device }, 0o20000)).toMatchObject({ mode: 0o666, device });
  });
});

describe("a directory's listing", () => {
  /** FILE_ID_BOTH_DIR_INFORMATION. */
  const entry = (name: string, fields: { attributes?: number; tag?: number; last?: boolean }): Buffer => {
    const text = Buffer.from(name, "utf16le");
    const bytes = Buffer.alloc((104 + text.length + 7) & ~7);
    bytes.writeUInt32LE(fields.last === true ? 0 : bytes.length, 0);
    bytes.writeBigInt64LE(11n, 8);
    bytes.writeBigInt64LE(12n, 16);
    bytes.writeBigInt64LE(13n, 24);
    bytes.writeBigInt64LE(14n, 32);
    bytes.writeBigInt64LE(1234n, 40);
    bytes.writeBigInt64LE(4096n, 48);
    bytes.writeUInt32LE(fields.attributes ?? 0x20, 56);
    bytes.writeUInt32LE(text.length, 60);
    bytes.writeUInt32LE(fields.tag ?? 0, 64);
    bytes.writeBigUInt64LE(99n, 96);
    text.copy(bytes, 104);
    return bytes;
  };
  const whole = Buffer.concat([
    entry(".", { attributes: 0x10 }),
    entry("..", { attributes: 0x10 }),
    entry("file", { tag: 60 }),
    entry("link", { attributes: 0x420, tag: 0xa000_001d, last: true }),
  ]);

  test("has a file's number, size, times and tag, and no dots", () => {
    const times = { created: 11n, accessed: 12n, modified: 13n, changed: 14n };
    expect(decodeListing(whole)).toMatchObject([
      // Without a tag the field is the size of extended attributes.
      { name: "file", attributes: 0x20, tag: 0, size: 1234, allocated: 4096, fileId: 99n, ...times },
      { name: "link", attributes: 0x420, tag: 0xa000_001d },
    ]);
  });

  test("of any bytes is read within them, and to an end", () => {
    for (let seed = 1; seed <= 5000; seed += 1) {
      const bytes = mutated(Buffer.from(whole), seededRandom(seed));
      for (const { name } of decodeListing(bytes)) expect(name.length).toBeLessThanOrEqual(bytes.length / 2);
    }
  });
});

test("FILE_STAT_LX_INFORMATION has only the numbers that it says it has", () => {
  const bytes = Buffer.alloc(96);
  bytes.writeBigUInt64LE(7n, 0);
  bytes.writeBigInt64LE(5n, 48);
  bytes.writeUInt32LE(0x20, 56);
  bytes.writeUInt32LE(2, 64);
  bytes.writeUInt32LE(0x12_0089, 68);
  bytes.writeUInt32LE(1 | 4, 72);
  bytes.writeUInt32LE(1000, 76);
  bytes.writeUInt32LE(0o100600, 84);
  expect(decodeStatLx(bytes)).toMatchObject({
    fileId: 7n,
    size: 5,
    attributes: 0x20,
    tag: 0,
    links: 2,
    rights: 0x12_0089,
    linux: { uid: 1000, gid: undefined, mode: 0o100600, device: undefined },
  });
});

test("a new name stands after the directory's handle, in a structure of at least its size", () => {
  expect(encodeNewName(0x43, 0x1234, "ab")).toEqual(
    hex("43000000 00000000 3412000000000000 04000000 61006200"),
  );
  expect(encodeNewName(1, 0, "a")).toHaveLength(24);
});

test("a change of attributes leaves what is not given", () => {
  expect(encodeBasic({ modified: 1n })).toEqual(
    hex("0000000000000000 0000000000000000 0100000000000000 0000000000000000 00000000 00000000"),
  );
});

test("times are counted in 100 ns from 1601", () => {
  expect(fileTime({ seconds: 0, nanoseconds: 0 })).toBe(116_444_736_000_000_000n);
  expect(nanosecondsOfFileTime(116_444_736_000_000_001n)).toBe(100n);
  expect(nanosecondsOfFileTime(fileTime({ seconds: -100, nanoseconds: 500 }))).toBe(-99_999_999_500n);
  for (const seconds of [-11_644_473_600, -12_000_000_000, 1e12])
    expect(() => fileTime({ seconds, nanoseconds: 0 })).toThrow("EINVAL");
});

test("an NTSTATUS is an errno, whichever its sign", () => {
  expect(errnoOfStatus(0xc000_0022)).toBe("EACCES");
  expect(errnoOfStatus(0xc000_0022 | 0)).toBe("EACCES");
  expect(errnoOfStatus(0xc000_0043 | 0)).toBe("EBUSY");
  expect(errnoOfStatus(0xc0de_0001 | 0)).toBe("EIO");
});
