/** What Windows says of a file, from one of the structures below. Times are in 100 ns since 1601. */
export interface FileFacts {
  readonly fileId: bigint;
  readonly attributes: number;
  /** Zero when there is none, or when it is not told here. */
  readonly tag: number;
  readonly created: bigint;
  readonly accessed: bigint;
  readonly modified: bigint;
  readonly changed: bigint;
  readonly size: number;
  readonly allocated: number;
  readonly links: number;
  /** FILE_* rights of the process's user; undefined when not told. */
  readonly rights: number | undefined;
  /** Linux's own attributes of the file, so far as there are some. */
  readonly linux: LinuxFacts;
}

/** What the extended attributes $LXUID, $LXGID, $LXMOD and $LXDEV say, unchecked. */
export interface LinuxFacts {
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly mode?: number | undefined;
  readonly device?: { readonly major: number; readonly minor: number } | undefined;
}

/** LX_FILE_METADATA_HAS_* of FILE_STAT_LX_INFORMATION. */
const HAS = { uid: 1, gid: 2, mode: 4, device: 8 } as const;
export const STAT_LX_BYTES = 96;
/** Without the name, which is cut off. */
export const ALL_BYTES = 104;

/** FILE_STAT_LX_INFORMATION, which Windows has since 10 1803. The buffer has {@link STAT_LX_BYTES}. */
export function decodeStatLx(bytes: Buffer): FileFacts {
  const flags = bytes.readUInt32LE(72);
  const has = <T>(flag: number, value: T): T | undefined => ((flags & flag) === 0 ? undefined : value);
  return {
    fileId: bytes.readBigUInt64LE(0),
    created: bytes.readBigInt64LE(8),
    accessed: bytes.readBigInt64LE(16),
    modified: bytes.readBigInt64LE(24),
    changed: bytes.readBigInt64LE(32),
    allocated: Number(bytes.readBigInt64LE(40)),
    size: Number(bytes.readBigInt64LE(48)),
    attributes: bytes.readUInt32LE(56),
    tag: bytes.readUInt32LE(60),
    links: bytes.readUInt32LE(64),
    rights: bytes.readUInt32LE(68),
    linux: {
      uid: has(HAS.uid, bytes.readUInt32LE(76)),
      gid: has(HAS.gid, bytes.readUInt32LE(80)),
      mode: has(HAS.mode, bytes.readUInt32LE(84)),
      device: has(HAS.device, { major: bytes.readUInt32LE(88), minor: bytes.readUInt32LE(92) }),
    },
  };
}

/**
 * FILE_ALL_INFORMATION, which every file system of every Windows has. It tells neither the tag nor the values of extended
 * attributes, only that there are some.
 */
export function decodeAll(bytes: Buffer): FileFacts & { readonly hasExtended: boolean } {
  return {
    created: bytes.readBigInt64LE(0),
    accessed: bytes.readBigInt64LE(8),
    modified: bytes.readBigInt64LE(16),
    changed: bytes.readBigInt64LE(24),
    attributes: bytes.readUInt32LE(32),
    allocated: Number(bytes.readBigInt64LE(40)),
    size: Number(bytes.readBigInt64LE(48)),
    links: bytes.readUInt32LE(56),
    fileId: bytes.readBigUInt64LE(64),
    hasExtended: bytes.readUInt32LE(72) !== 0,
    tag: 0,
    rights: undefined,
    linux: {},
  };
}

/** FILE_BASIC_INFORMATION: zero leaves a field as it is. */
export function encodeBasic(change: {
  readonly accessed?: bigint | undefined;
  readonly modified?: bigint | undefined;
  readonly attributes?: number | undefined;
}): Buffer {
  const bytes = Buffer.alloc(40);
  bytes.writeBigInt64LE(change.accessed ?? 0n, 8);
  bytes.writeBigInt64LE(change.modified ?? 0n, 16);
  bytes.writeUInt32LE(change.attributes ?? 0, 32);
  return bytes;
}

/** FILE_END_OF_FILE_INFORMATION. */
export function encodeEndOfFile(size: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(size));
  return bytes;
}

/** One ULONG: FILE_DISPOSITION_INFORMATION_EX and FILE_CASE_SENSITIVE_INFORMATION; its first byte FILE_DISPOSITION_INFORMATION. */
export function encodeFlags(flags: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(flags);
  return bytes;
}

/**
 * FILE_RENAME_INFORMATION(_EX) and FILE_LINK_INFORMATION on 64-bit Windows: flags (or a BOOLEAN), the directory's handle, and
 * one name in it.
 */
export function encodeNewName(flags: number, directory: number, name: string): Buffer {
  const text = Buffer.from(name, "utf16le");
  // The drivers want no less than the structure's size, which ends in padding.
  const bytes = Buffer.alloc(Math.max(20 + text.length, 24));
  bytes.writeUInt32LE(flags, 0);
  bytes.writeBigUInt64LE(BigInt(directory), 8);
  bytes.writeUInt32LE(text.length, 16);
  text.copy(bytes, 20);
  return bytes;
}

/** FILE_FS_FULL_SIZE_INFORMATION. */
export function decodeFullSize(bytes: Buffer): {
  readonly units: number;
  readonly callerUnits: number;
  readonly freeUnits: number;
  readonly unitBytes: number;
} {
  return {
    units: Number(bytes.readBigInt64LE(0)),
    callerUnits: Number(bytes.readBigInt64LE(8)),
    freeUnits: Number(bytes.readBigInt64LE(16)),
    unitBytes: bytes.readUInt32LE(24) * bytes.readUInt32LE(28),
  };
}

/** FILE_FS_ATTRIBUTE_INFORMATION, of whatever length the name is. */
export function decodeVolumeAttributes(bytes: Buffer): { readonly flags: number; readonly name: string } {
  const length = Math.min(bytes.readUInt32LE(8), bytes.length - 12);
  return { flags: bytes.readUInt32LE(0), name: bytes.toString("utf16le", 12, 12 + length) };
}

/** One entry of a directory's listing: all but the number of its names. */
export interface ListedFile extends FileFacts {
  /** As NTFS has it. */
  readonly name: string;
}

/** Where FILE_ID_BOTH_DIR_INFORMATION's name begins. */
const ENTRY_BYTES = 104;
const REPARSE_POINT = 0x400;

/** A chain of FILE_ID_BOTH_DIR_INFORMATION, as far as it is whole; without `.` and `..`. */
export function decodeListing(bytes: Buffer): ListedFile[] {
  const entries: ListedFile[] = [];
  for (let at = 0; at + ENTRY_BYTES <= bytes.length;) {
    const length = bytes.readUInt32LE(at + 60);
    if (at + ENTRY_BYTES + length > bytes.length) break;
    const name = bytes.toString("utf16le", at + ENTRY_BYTES, at + ENTRY_BYTES + length);
    const attributes = bytes.readUInt32LE(at + 56);
    if (name !== "." && name !== "..") {
      entries.push({
        name,
        attributes,
        // The field is the size of extended attributes, except for what has a tag (ntifs.h).
        tag: (attributes & REPARSE_POINT) === 0 ? 0 : bytes.readUInt32LE(at + 64),
        created: bytes.readBigInt64LE(at + 8),
        accessed: bytes.readBigInt64LE(at + 16),
        modified: bytes.readBigInt64LE(at + 24),
        changed: bytes.readBigInt64LE(at + 32),
        size: Number(bytes.readBigInt64LE(at + 40)),
        allocated: Number(bytes.readBigInt64LE(at + 48)),
        fileId: bytes.readBigUInt64LE(at + 96),
        links: 1,
        rights: undefined,
        linux: {},
      });
    }
    const next = bytes.readUInt32LE(at);
    if (next < ENTRY_BYTES) break;
    at += next;
  }
  return entries;
}
