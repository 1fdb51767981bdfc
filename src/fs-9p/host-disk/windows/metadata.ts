import { S_IFBLK, S_IFCHR, S_IFMT } from "../../linux.ts";
import { decodeExtended, type ExtendedAttribute } from "./extended-attributes.ts";
import type { LinuxFacts } from "./information.ts";

const UID = "$LXUID";
const GID = "$LXGID";
const MODE = "$LXMOD";
const DEVICE = "$LXDEV";
/** The extended attributes in which WSL keeps what Linux knows of a file: little-endian numbers of 32 bits. */
export const metadataNames = [UID, GID, MODE, DEVICE] as const;
/** "Nobody", which no file belongs to. */
const INVALID_ID = 0xffff_ffff;

export interface MetadataChange {
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** With the type's bits. */
  readonly mode?: number | undefined;
}

/** A client that did not say who it is (uid 0xffffffff) leaves no owner. */
export function metadataAttributes({ uid, gid, mode }: MetadataChange): ExtendedAttribute[] {
  const values = [
    { name: UID, number: uid === INVALID_ID ? undefined : uid },
    { name: GID, number: gid === INVALID_ID ? undefined : gid },
    { name: MODE, number: mode },
  ];
  return values.flatMap(({ name, number }) =>
    number === undefined ? [] : [{ name, value: number32(number) }],
  );
}

/** What a list of extended attributes says; one of another size says nothing. */
export function decodeMetadata(list: Buffer): LinuxFacts {
  const values = new Map(decodeExtended(list).map(({ name, value }) => [name, Buffer.from(value)]));
  const read = (name: string, bytes: number): Buffer | undefined => {
    const value = values.get(name);
    return value?.length === bytes ? value : undefined;
  };
  const device = read(DEVICE, 8);
  return {
    uid: read(UID, 4)?.readUInt32LE(),
    gid: read(GID, 4)?.readUInt32LE(),
    mode: read(MODE, 4)?.readUInt32LE(),
    device: device && { major: device.readUInt32LE(0), minor: device.readUInt32LE(4) },
  };
}

/**
 * What may be believed of it, of a file of this type: whoever can write to the disk has written it. A mode of another type
 * gives no permissions, an owner that there cannot be is none, and only devices have a number.
 */
export function checkedMetadata(facts: LinuxFacts, type: number): LinuxFacts {
  const { uid, gid, mode, device } = facts;
  return {
    uid: uid === INVALID_ID ? undefined : uid,
    gid: gid === INVALID_ID ? undefined : gid,
    mode: mode === undefined ? undefined : (mode & S_IFMT) === type && mode <= 0o177777 ? mode & 0o7777 : 0,
    device: type === S_IFCHR || type === S_IFBLK ? device : undefined,
  };
}

function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
