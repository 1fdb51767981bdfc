import type { AttributeChanges, Attributes, Timestamp } from "../file-system.ts";
import type { Body } from "./messages.ts";

/** P9_GETATTR_BASIC: everything up to blocks. */
const GETATTR_BASIC = 0x7ff;
const GETATTR_BTIME = 0x800;

/** The bits of Tsetattr's valid (diod's protocol.md). */
const SetattrBit = {
  mode: 0x001,
  uid: 0x002,
  gid: 0x004,
  size: 0x008,
  atime: 0x010,
  mtime: 0x020,
  atimeSet: 0x080,
  mtimeSet: 0x100,
} as const;

const epoch: Timestamp = { seconds: 0, nanoseconds: 0 };

/** Attributes as Rgetattr carries them. */
export function getattrBody(attributes: Attributes): Body<"Rgetattr"> {
  const { accessed, modified, changed, born } = attributes;
  const { seconds: btimeSec, nanoseconds: btimeNsec } = born ?? epoch;
  return {
    valid: born ? GETATTR_BASIC | GETATTR_BTIME : GETATTR_BASIC,
    qid: attributes.qid,
    mode: attributes.mode,
    uid: attributes.uid,
    gid: attributes.gid,
    nlink: attributes.links,
    rdev: attributes.device,
    size: attributes.size,
    blksize: attributes.blockSize,
    blocks: attributes.blocks,
    atimeSec: accessed.seconds,
    atimeNsec: accessed.nanoseconds,
    mtimeSec: modified.seconds,
    mtimeNsec: modified.nanoseconds,
    ctimeSec: changed.seconds,
    ctimeNsec: changed.nanoseconds,
    btimeSec,
    btimeNsec,
    gen: 0,
    dataVersion: 0,
  };
}

/** The other way round. */
export function attributesOf(body: Body<"Rgetattr">): Attributes {
  return {
    qid: body.qid,
    mode: body.mode,
    uid: body.uid,
    gid: body.gid,
    links: body.nlink,
    device: body.rdev,
    size: body.size,
    blockSize: body.blksize,
    blocks: body.blocks,
    accessed: { seconds: body.atimeSec, nanoseconds: body.atimeNsec },
    modified: { seconds: body.mtimeSec, nanoseconds: body.mtimeNsec },
    changed: { seconds: body.ctimeSec, nanoseconds: body.ctimeNsec },
    // diod calls it valid and leaves it 0.
    born:
      (body.valid & GETATTR_BTIME) === 0 || body.btimeSec === 0
        ? undefined
        : { seconds: body.btimeSec, nanoseconds: body.btimeNsec },
  };
}

/** What a Tsetattr asks for. "If a time bit is set without the corresponding SET bit, the current system time on the server is used." */
export function attributeChanges(body: Body<"Tsetattr">): AttributeChanges {
  const { valid } = body;
  const time = (bit: number, setBit: number, given: Timestamp): Timestamp | "now" | undefined => {
    if ((valid & bit) === 0) return undefined;
    return (valid & setBit) === 0 ? "now" : given;
  };
  return {
    mode: (valid & SetattrBit.mode) === 0 ? undefined : body.mode & 0o7777,
    uid: (valid & SetattrBit.uid) === 0 ? undefined : body.uid,
    gid: (valid & SetattrBit.gid) === 0 ? undefined : body.gid,
    size: (valid & SetattrBit.size) === 0 ? undefined : body.size,
    accessed: time(SetattrBit.atime, SetattrBit.atimeSet, {
      seconds: body.atimeSec,
      nanoseconds: body.atimeNsec,
    }),
    modified: time(SetattrBit.mtime, SetattrBit.mtimeSet, {
      seconds: body.mtimeSec,
      nanoseconds: body.mtimeNsec,
    }),
  };
}

/** The other way round. */
export function setattrBody(fid: number, changes: AttributeChanges): Body<"Tsetattr"> {
  const { mode, uid, gid, size, accessed, modified } = changes;
  const atime = accessed === undefined || accessed === "now" ? epoch : accessed;
  const mtime = modified === undefined || modified === "now" ? epoch : modified;
  const valid =
    (mode === undefined ? 0 : SetattrBit.mode) |
    (uid === undefined ? 0 : SetattrBit.uid) |
    (gid === undefined ? 0 : SetattrBit.gid) |
    (size === undefined ? 0 : SetattrBit.size) |
    (accessed === undefined ? 0 : SetattrBit.atime) |
    (atime === epoch ? 0 : SetattrBit.atimeSet) |
    (modified === undefined ? 0 : SetattrBit.mtime) |
    (mtime === epoch ? 0 : SetattrBit.mtimeSet);
  return {
    fid,
    valid,
    mode: mode ?? 0,
    uid: uid ?? 0,
    gid: gid ?? 0,
    size: size ?? 0,
    atimeSec: atime.seconds,
    atimeNsec: atime.nanoseconds,
    mtimeSec: mtime.seconds,
    mtimeNsec: mtime.nanoseconds,
  };
}
