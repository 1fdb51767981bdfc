/** One entry of an archive that the kernel unpacks as its first root file system. */
export type CpioEntry =
  | { kind: "folder"; path: string; mode: number }
  | { kind: "file"; path: string; mode: number; content: Uint8Array }
  | { kind: "character-device"; path: string; mode: number; major: number; minor: number };

const TYPE_BITS = { folder: 0o040000, file: 0o100000, "character-device": 0o020000 };
/** The end of the archive is an entry of this name. */
const TRAILER = "TRAILER!!!";
/** Header, name and content each begin at a multiple of this. */
const ALIGNMENT = 4;

/**
 * Packs entries, in the order given, into the "newc" cpio format of Linux's Documentation/driver-api/early-userspace/buffer-format.rst.
 * Owner, times and inode numbers are fixed, so equal entries give equal bytes. Folders come before what is in them.
 */
export function packCpio(entries: readonly CpioEntry[]): Buffer {
  const parts = entries.flatMap((entry, i) => pack(entry, i + 1));
  return Buffer.concat([...parts, ...packRecord({ path: TRAILER, links: 1 })]);
}

function pack(entry: CpioEntry, inode: number): Buffer[] {
  const { kind, path, mode } = entry;
  return packRecord({
    path,
    inode,
    mode: TYPE_BITS[kind] | mode,
    links: kind === "folder" ? 2 : 1,
    ...(kind === "file" && { content: entry.content }),
    ...(kind === "character-device" && { major: entry.major, minor: entry.minor }),
  });
}

interface CpioRecord {
  path: string;
  links: number;
  inode?: number;
  mode?: number;
  content?: Uint8Array;
  major?: number;
  minor?: number;
}

function packRecord(record: CpioRecord): Buffer[] {
  const { path, links, inode = 0, mode = 0, content = new Uint8Array(), major = 0, minor = 0 } = record;
  const name = Buffer.from(`${path}\0`);
  const [owner, group, modified, homeMajor, homeMinor, checksum] = [0, 0, 0, 0, 0, 0];
  const fields = [
    inode,
    mode,
    owner,
    group,
    links,
    modified,
    content.length,
    homeMajor,
    homeMinor,
    major,
    minor,
    name.length,
    checksum,
  ];
  const header = Buffer.from(
    `070701${fields.map((field) => field.toString(16).toUpperCase().padStart(8, "0")).join("")}`,
  );
  return [header, name, padding(header.length + name.length), Buffer.from(content), padding(content.length)];
}

function padding(length: number): Buffer {
  return Buffer.alloc((ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT);
}
