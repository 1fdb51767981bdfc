import { describe, expect, test } from "vitest";
import type { FileFacts } from "../../../../src/fs-9p/host-disk/windows/information.ts";
import { listedStats, windowsStats } from "../../../../src/fs-9p/host-disk/windows/windows-stats.ts";

const EPOCH = 116_444_736_000_000_000n;
const volume = { device: 5, fileIdMask: 0xffff_ffff_ffffn, keepsCreation: true };
const ARCHIVE = 0x20;
const DIRECTORY = 0x10;
const READ_ONLY = 0x1;
/** FILE_GENERIC_READ and FILE_EXECUTE, as Users have it in C:\Program Files; and everything. */
const READ_AND_RUN = 0x12_00a9;
const FULL = 0x1f_01ff;

const facts: FileFacts = {
  fileId: 0x0007_0000_0000_1234n,
  attributes: ARCHIVE,
  tag: 0,
  created: EPOCH,
  accessed: EPOCH + 10n,
  modified: EPOCH + 20n,
  changed: EPOCH + 30n,
  size: 5,
  allocated: 4096,
  links: 2,
  rights: FULL,
  linux: {},
};

const modeOf = (
  change: Partial<FileFacts>,
  options: Parameters<typeof windowsStats>[2]["options"] = {},
): string => Number(windowsStats({ ...facts, ...change }, volume, { options }).mode).toString(8);

describe("without metadata a file's mode is what the user of Windows may do", () => {
  test.each([
    ["all", { rights: FULL }, "100777"],
    ["read and run", { rights: READ_AND_RUN }, "100555"],
    ["read", { rights: 0x12_0089 }, "100444"],
    ["nothing", { rights: 0 }, "100000"],
    ["what is not told", { rights: undefined }, "100777"],
    ["all, of a read-only file", { attributes: ARCHIVE | READ_ONLY }, "100555"],
    ["all, of a directory", { attributes: DIRECTORY }, "40777"],
    ["nothing, of a directory, which can be gone through", { attributes: DIRECTORY, rights: 0 }, "40111"],
    ["nothing, of a link", { tag: 0xa000_000c, attributes: 0x400, rights: 0 }, "120777"],
  ] as const)("%s", (_what, change, mode) => {
    expect(modeOf(change)).toBe(mode);
  });

  test("less the masks", () => {
    const options = { umask: 0o2, fmask: 0o111, dmask: 0o70 };
    expect(modeOf({}, options)).toBe("100664");
    expect(modeOf({ attributes: DIRECTORY }, options)).toBe("40705");
  });

  test("and with it, what it says, without masks", () => {
    const change = { linux: { mode: 0o100640, uid: 3 } };
    expect(modeOf(change, { metadata: true, umask: 0o77 })).toBe("100640");
    expect(modeOf(change, { umask: 0o77 })).toBe("100700");
  });
});

test("a file's number is its record of NTFS, and its times are nanoseconds since 1970", () => {
  const options = { uid: 1, gid: 2 };
  expect(windowsStats({ ...facts, created: EPOCH + 5n }, volume, { options })).toMatchObject({
    dev: 5,
    ino: 0x1234n,
    nlink: 2,
    uid: 1,
    gid: 2,
    rdev: 0,
    size: 5,
    blocks: 8,
    birthtimeNs: 500n,
    atimeNs: 1000n,
    mtimeNs: 2000n,
    ctimeNs: 3000n,
  });
});

test("a volume without a time of change has that of writing", () => {
  expect(windowsStats({ ...facts, changed: 0n }, volume, { options: {} }).ctimeNs).toBe(2000n);
});

test("a volume that does not keep when a file was made has nothing for it", () => {
  const change = { created: facts.modified };
  const stats = windowsStats({ ...facts, ...change }, { ...volume, keepsCreation: false }, { options: {} });
  expect(stats.birthtimeNs).toBe(0n);
});

test("a device's number is shown with metadata only", () => {
  const device = { ...facts, tag: 0x8000_0025, linux: { mode: 0o20666, device: { major: 1, minor: 3 } } };
  expect(windowsStats(device, volume, { options: { metadata: true } })).toMatchObject({
    rdev: 0x103,
    mode: 0o20666,
  });
  expect(windowsStats(device, volume, { options: {} }).rdev).toBe(0);
});

test("a listing tells all that stat does of a file's qid, or nothing", () => {
  const listed = { ...facts, name: "a" };
  const { dev, ino, size, mtimeNs } = windowsStats(facts, volume, { options: {} });
  expect(listedStats(listed, volume)).toEqual({ dev, ino, size, mtimeNs, mode: 0o100000 });
  const directory = { ...listed, attributes: DIRECTORY, size: 0 };
  expect(listedStats(directory, volume)).toMatchObject({ mode: 0o40000, size: 4096 });
  for (const tag of [0, 0xa000_000c, 0xa000_001d, 0x8000_001b])
    expect(listedStats({ ...listed, attributes: 0x420, tag }, volume)).toBeUndefined();
  expect(listedStats({ ...listed, attributes: 0x420, tag: 0x8000_0024 }, volume)).toMatchObject({
    mode: 0o10000,
  });
});
