import type { Qid } from "../file-system.ts";

/** What a field may be on the wire, and what it is here. */
export interface FieldTypes {
  u8: number;
  u16: number;
  u32: number;
  /** Below 2^53. */
  u64: number;
  /** A time's seconds. */
  i64: number;
  /** 64 bits that are only handed back. */
  cookie: bigint;
  /** A byte string of at most 65535 bytes. */
  str: string;
  names: readonly string[];
  qid: Qid;
  qids: readonly Qid[];
  data: Uint8Array;
}

export type FieldType = keyof FieldTypes;
type Fields = Readonly<Record<string, FieldType>>;

const gettableAttributes = {
  valid: "u64",
  qid: "qid",
  mode: "u32",
  uid: "u32",
  gid: "u32",
  nlink: "u64",
  rdev: "u64",
  size: "u64",
  blksize: "u64",
  blocks: "u64",
  atimeSec: "i64",
  atimeNsec: "u64",
  mtimeSec: "i64",
  mtimeNsec: "u64",
  ctimeSec: "i64",
  ctimeNsec: "u64",
  btimeSec: "i64",
  btimeNsec: "u64",
  gen: "u64",
  dataVersion: "u64",
} as const;

const settableAttributes = {
  fid: "u32",
  valid: "u32",
  mode: "u32",
  uid: "u32",
  gid: "u32",
  size: "u64",
  atimeSec: "i64",
  atimeNsec: "u64",
  mtimeSec: "i64",
  mtimeNsec: "u64",
} as const;

const statistics = {
  type: "u32",
  bsize: "u32",
  blocks: "u64",
  bfree: "u64",
  bavail: "u64",
  files: "u64",
  ffree: "u64",
  fsid: "u64",
  namelen: "u32",
} as const;

const lockRange = { type: "u8", start: "u64", length: "u64", procId: "u32", clientId: "str" } as const;

/**
 * Every message of 9P2000.L: its type number and its fields in the order of the wire (diod's protocol.md; Linux
 * net/9p/client.c). Encoding, decoding, sizes, types and the trace all come from this one table. The answer to a request is
 * the next number, or Rlerror.
 */
export const messages = {
  Rlerror: { number: 7, fields: { ecode: "u32" } },
  Tstatfs: { number: 8, fields: { fid: "u32" } },
  Rstatfs: { number: 9, fields: statistics },
  Tlopen: { number: 12, fields: { fid: "u32", flags: "u32" } },
  Rlopen: { number: 13, fields: { qid: "qid", iounit: "u32" } },
  Tlcreate: { number: 14, fields: { fid: "u32", name: "str", flags: "u32", mode: "u32", gid: "u32" } },
  Rlcreate: { number: 15, fields: { qid: "qid", iounit: "u32" } },
  Tsymlink: { number: 16, fields: { dfid: "u32", name: "str", target: "str", gid: "u32" } },
  Rsymlink: { number: 17, fields: { qid: "qid" } },
  Tmknod: {
    number: 18,
    fields: { dfid: "u32", name: "str", mode: "u32", major: "u32", minor: "u32", gid: "u32" },
  },
  Rmknod: { number: 19, fields: { qid: "qid" } },
  Trename: { number: 20, fields: { fid: "u32", dfid: "u32", name: "str" } },
  Rrename: { number: 21, fields: {} },
  Treadlink: { number: 22, fields: { fid: "u32" } },
  Rreadlink: { number: 23, fields: { target: "str" } },
  Tgetattr: { number: 24, fields: { fid: "u32", requestMask: "u64" } },
  Rgetattr: { number: 25, fields: gettableAttributes },
  Tsetattr: { number: 26, fields: settableAttributes },
  Rsetattr: { number: 27, fields: {} },
  Txattrwalk: { number: 30, fields: { fid: "u32", newfid: "u32", name: "str" } },
  Rxattrwalk: { number: 31, fields: { size: "u64" } },
  Txattrcreate: { number: 32, fields: { fid: "u32", name: "str", attrSize: "u64", flags: "u32" } },
  Rxattrcreate: { number: 33, fields: {} },
  Treaddir: { number: 40, fields: { fid: "u32", offset: "cookie", count: "u32" } },
  Rreaddir: { number: 41, fields: { data: "data" } },
  Tfsync: { number: 50, fields: { fid: "u32", datasync: "u32" } },
  Rfsync: { number: 51, fields: {} },
  Tlock: {
    number: 52,
    fields: {
      fid: "u32",
      type: "u8",
      flags: "u32",
      start: "u64",
      length: "u64",
      procId: "u32",
      clientId: "str",
    },
  },
  Rlock: { number: 53, fields: { status: "u8" } },
  Tgetlock: { number: 54, fields: { fid: "u32", ...lockRange } },
  Rgetlock: { number: 55, fields: lockRange },
  Tlink: { number: 70, fields: { dfid: "u32", fid: "u32", name: "str" } },
  Rlink: { number: 71, fields: {} },
  Tmkdir: { number: 72, fields: { dfid: "u32", name: "str", mode: "u32", gid: "u32" } },
  Rmkdir: { number: 73, fields: { qid: "qid" } },
  Trenameat: {
    number: 74,
    fields: { olddirfid: "u32", oldname: "str", newdirfid: "u32", newname: "str" },
  },
  Rrenameat: { number: 75, fields: {} },
  Tunlinkat: { number: 76, fields: { dirfd: "u32", name: "str", flags: "u32" } },
  Runlinkat: { number: 77, fields: {} },
  Tversion: { number: 100, fields: { msize: "u32", version: "str" } },
  Rversion: { number: 101, fields: { msize: "u32", version: "str" } },
  Tauth: { number: 102, fields: { afid: "u32", uname: "str", aname: "str", nUname: "u32" } },
  Rauth: { number: 103, fields: { aqid: "qid" } },
  Tattach: { number: 104, fields: { fid: "u32", afid: "u32", uname: "str", aname: "str", nUname: "u32" } },
  Rattach: { number: 105, fields: { qid: "qid" } },
  Tflush: { number: 108, fields: { oldtag: "u16" } },
  Rflush: { number: 109, fields: {} },
  Twalk: { number: 110, fields: { fid: "u32", newfid: "u32", names: "names" } },
  Rwalk: { number: 111, fields: { qids: "qids" } },
  Tread: { number: 116, fields: { fid: "u32", offset: "u64", count: "u32" } },
  Rread: { number: 117, fields: { data: "data" } },
  Twrite: { number: 118, fields: { fid: "u32", offset: "u64", data: "data" } },
  Rwrite: { number: 119, fields: { count: "u32" } },
  Tclunk: { number: 120, fields: { fid: "u32" } },
  Rclunk: { number: 121, fields: {} },
  Tremove: { number: 122, fields: { fid: "u32" } },
  Rremove: { number: 123, fields: {} },
} as const satisfies Readonly<Record<string, { readonly number: number; readonly fields: Fields }>>;

export type MessageName = keyof typeof messages;
export type RequestName = Extract<MessageName, `T${string}`>;
/** The successful answer to a request. */
export type ReplyName<N extends RequestName> = N extends `T${infer Rest}`
  ? Extract<MessageName, `R${Rest}`>
  : never;

/** What a message says beside its tag. */
export type Body<N extends MessageName> = {
  readonly [F in keyof (typeof messages)[N]["fields"]]: FieldTypes[(typeof messages)[N]["fields"][F] &
    FieldType];
};

/** The body of an answer that says nothing but that it is done. */
export type NoFields = Readonly<Record<string, never>>;

/** Any message's body, where its type is known at run time only. */
export type AnyBody = Readonly<Record<string, FieldTypes[FieldType]>>;

/** size[4] type[1] tag[2]. */
export const HEADER_BYTES = 7;
/** Of Rread and Rreaddir: header and count[4]. */
export const PAYLOAD_OFFSET = HEADER_BYTES + 4;
/** The tag of Tversion, and of nothing else. */
export const NO_TAG = 0xffff;
/** The afid of an attach without authentication; never a fid. */
export const NO_FID = 0xffff_ffff;
/** The uid of an attach that gives none. */
export const NO_UID = 0xffff_ffff;
export const VERSION = "9P2000.L";
