import type { NtfsModule } from "../../../../../native/ntfs/native.d.ts";
import {
  decodeExtended,
  encodeExtended,
} from "../../../../../src/fs-9p/host-disk/windows/extended-attributes.ts";
import { decodeReparse } from "../../../../../src/fs-9p/host-disk/windows/reparse.ts";

/** Of ntifs.h and ntstatus.h, written down apart from the product's. */
const REPARSE_POINT = 0x400;
const DIRECTORY = 0x10;
const OPEN_REPARSE_POINT = 0x20_0000;
const CREATE = 2;
const SET_REPARSE_POINT = 0x9_00a4;
const GET_REPARSE_POINT = 0x9_00a8;
const classes = {
  internal: 6,
  rename: 10,
  disposition: 13,
  all: 18,
  attributeTag: 35,
  dispositionEx: 64,
  renameEx: 65,
  statLx: 70,
  caseSensitive: 71,
};
const FS_ATTRIBUTE = 5;
const ACCESS_DENIED = 0xc000_0022 | 0;
const SYMLINK = 0xa000_000c;
const PRIVILEGE_NOT_HELD = 0xc000_0061 | 0;
const NOT_A_REPARSE_POINT = 0xc000_0275 | 0;
const INVALID_INFO_CLASS = 0xc000_0003 | 0;
const NO_EAS_ON_FILE = 0xc000_0052 | 0;
const BUFFER_OVERFLOW = 0x8000_0005 | 0;

interface Opened {
  readonly id: bigint;
  /** The directory it was opened in. */
  readonly above: Opened | undefined;
}

/**
 * ntfs.node with what NTFS has and Wine 8 has not, kept in memory by the files' numbers: extended attributes, reparse points,
 * the case flag, and POSIX semantics of removing and renaming. Everything else is Wine's answer to the real addon. It follows
 * links where it is not told not to, and refuses to rename a directory in which something is open, as Windows does.
 */
export class NtfsStandIn implements NtfsModule {
  readonly #inner: NtfsModule;
  readonly #newer: boolean;
  readonly #graveyard: number;
  readonly #extended = new Map<bigint, Map<string, Uint8Array>>();
  readonly #reparse = new Map<bigint, Buffer>();
  /** Names that have been removed and still lie in the graveyard, by their file. */
  readonly #removed = new Map<bigint, number>();
  readonly #opened = new Map<number, Opened>();
  #buried = 0;
  /** Directories that tell capitals apart, so far as that goes. */
  readonly caseSensitive = new Set<bigint>();
  /** This user may not make Windows's own links. */
  refuseSymlinks = false;
  /** Links that somebody had followed. */
  followed = 0;

  /** `newer`: it knows FILE_STAT_LX_INFORMATION. `graveyard`: a folder on the same volume, where removed files lie while they are open. */
  constructor(inner: NtfsModule, newer: boolean, graveyard: string) {
    this.#inner = inner;
    this.#newer = newer;
    this.#graveyard = inner.open(0, `\\??\\${graveyard}`, 0x1, 1, 0x4001, 0, null);
    if (this.#graveyard < 0) throw new Error(`no graveyard: ${this.#graveyard >>> 0}`);
  }

  /** Handles that are open. */
  get handles(): number {
    return this.#opened.size;
  }

  end(): void {
    this.#inner.close(this.#graveyard);
  }

  open(...args: Parameters<NtfsModule["open"]>): number {
    const [root, name, access, disposition, options, attributes, extended] = args;
    const handle = this.#inner.open(root, name, access, disposition, options, attributes, null);
    if (handle < 0) return handle;
    const id = this.#idOf(handle);
    if (disposition === CREATE) {
      // Linux gives a number again when its file is gone.
      this.#extended.delete(id);
      this.#reparse.delete(id);
      this.#removed.delete(id);
    }
    const link = this.#reparse.get(id);
    if (link && (options & OPEN_REPARSE_POINT) === 0) return this.#follow(handle, link, args);
    const parent = this.#opened.get(root);
    this.#opened.set(handle, { id, above: name === "" ? parent?.above : parent });
    if (extended) this.changeAttributes(handle, extended);
    return handle;
  }

  /** Absolute targets only; what has a tag of another kind is opened as it is. */
  #follow(handle: number, link: Buffer, args: Parameters<NtfsModule["open"]>): number {
    const [, , access, disposition, options, attributes] = args;
    const point = decodeReparse(link);
    if (point?.kind !== "junction" && point?.kind !== "symlink") {
      this.#opened.set(handle, { id: this.#idOf(handle), above: undefined });
      return handle;
    }
    this.followed += 1;
    this.#inner.close(handle);
    return this.open(0, point.target, access, disposition, options, attributes, null);
  }

  close(handle: number): number {
    const id = this.#opened.get(handle)?.id;
    this.#opened.delete(handle);
    const result = this.#inner.close(handle);
    // Wine removes the names of a file with its last handle.
    if (id !== undefined && ![...this.#opened.values()].some((other) => other.id === id))
      this.#removed.delete(id);
    return result;
  }

  query(handle: number, informationClass: number, into: Uint8Array): number {
    if (informationClass === classes.statLx)
      return this.#newer ? this.#stat(handle, into) : INVALID_INFO_CLASS;
    const result = this.#inner.query(handle, informationClass, into);
    if (result < 0 && result !== BUFFER_OVERFLOW) return result;
    const bytes = view(into);
    const id = this.#idOf(handle);
    const link = this.#reparse.get(id);
    if (informationClass === classes.all) {
      if (link) bytes.writeUInt32LE(bytes.readUInt32LE(32) | REPARSE_POINT, 32);
      bytes.writeUInt32LE(bytes.readUInt32LE(56) - (this.#removed.get(id) ?? 0), 56);
      bytes.writeUInt32LE(this.#extended.has(id) ? 100 : 0, 72);
    }
    if (informationClass === classes.attributeTag && link) {
      bytes.writeUInt32LE(bytes.readUInt32LE(0) | REPARSE_POINT, 0);
      bytes.writeUInt32LE(link.readUInt32LE(0), 4);
    }
    return result;
  }

  /** FILE_STAT_LX_INFORMATION, made of FILE_ALL_INFORMATION. */
  #stat(handle: number, into: Uint8Array): number {
    const all = Buffer.alloc(104);
    const result = this.query(handle, classes.all, all);
    if (result < 0 && result !== BUFFER_OVERFLOW) return result;
    const bytes = view(into);
    all.copy(bytes, 0, 64, 72);
    all.copy(bytes, 8, 0, 32);
    all.copy(bytes, 40, 40, 56);
    all.copy(bytes, 56, 32, 36);
    const id = this.#idOf(handle);
    bytes.writeUInt32LE(this.#reparse.get(id)?.readUInt32LE(0) ?? 0, 60);
    all.copy(bytes, 64, 56, 60);
    bytes.writeUInt32LE(0x1f_01ff, 68);
    const extended = this.#extended.get(id);
    const fields = [
      { flag: 1, name: "$LXUID", at: 76 },
      { flag: 2, name: "$LXGID", at: 80 },
      { flag: 4, name: "$LXMOD", at: 84 },
    ];
    let flags = 0;
    for (const { flag, name, at } of fields) {
      const value = extended?.get(name);
      if (!value) continue;
      flags |= flag;
      bytes.set(value, at);
    }
    bytes.writeUInt32LE(flags, 72);
    return 96;
  }

  change(handle: number, informationClass: number, from: Uint8Array): number {
    switch (informationClass) {
      case classes.dispositionEx:
        return this.#removeAtOnce(handle);
      case classes.renameEx:
        return this.#renameAtOnce(handle, view(from));
      case classes.caseSensitive:
        this.caseSensitive.add(this.#idOf(handle));
        return 0;
      default:
        return this.#inner.change(handle, informationClass, from);
    }
  }

  #removeAtOnce(handle: number): number {
    const result = this.#inner.change(handle, classes.disposition, Buffer.from([1]));
    if (result < 0) return result;
    this.#inner.change(handle, classes.disposition, Buffer.from([0]));
    this.#buried += 1;
    this.#inner.change(handle, classes.rename, newName(this.#graveyard, `removed-${this.#buried}`));
    const id = this.#idOf(handle);
    this.#removed.set(id, (this.#removed.get(id) ?? 0) + 1);
    return this.#inner.change(handle, classes.disposition, Buffer.from([1]));
  }

  #renameAtOnce(handle: number, from: Buffer): number {
    const source = this.#idOf(handle);
    for (const [other, opened] of this.#opened) {
      if (other === handle) continue;
      for (let at = opened.above; at; at = at.above) if (at.id === source) return ACCESS_DENIED;
    }
    const directory = Number(from.readBigUInt64LE(8));
    const name = from.toString("utf16le", 20, 20 + from.readUInt32LE(16));
    const target = this.#inner.open(directory, name, 0x1_0080, 1, 0x20_4000, 0, null);
    if (target >= 0) {
      const other = this.#idOf(target) !== source;
      // Whether Windows replaces a directory depends on what it is asked with, and on its age: both are gone through.
      const refused = other && !this.#newer && this.#isDirectory(target);
      if (other && !refused) this.#removeAtOnce(target);
      this.#inner.close(target);
      if (refused) return ACCESS_DENIED;
    }
    return this.#inner.change(handle, classes.rename, newName(directory, name));
  }

  list(...args: Parameters<NtfsModule["list"]>): number {
    const [, , , into] = args;
    const length = this.#inner.list(...args);
    const bytes = view(into);
    for (let at = 0; at < length;) {
      const link = this.#reparse.get(bytes.readBigUInt64LE(at + 96));
      if (link) {
        bytes.writeUInt32LE(bytes.readUInt32LE(at + 56) | REPARSE_POINT, at + 56);
        bytes.writeUInt32LE(link.readUInt32LE(0), at + 64);
      }
      const next = bytes.readUInt32LE(at);
      if (next === 0) break;
      at += next;
    }
    return length;
  }

  queryVolume(handle: number, informationClass: number, into: Uint8Array): number {
    const result = this.#inner.queryVolume(handle, informationClass, into);
    const bytes = view(into);
    // FILE_SUPPORTS_REPARSE_POINTS and FILE_SUPPORTS_EXTENDED_ATTRIBUTES.
    if (informationClass === FS_ATTRIBUTE) bytes.writeUInt32LE(bytes.readUInt32LE(0) | 0x80_0080, 0);
    return result;
  }

  /** Those that are asked for, an empty value for each that is not there, as NTFS answers. */
  queryAttributes(handle: number, names: Uint8Array, into: Uint8Array): number {
    const found = this.#extended.get(this.#idOf(handle));
    if (!found) return NO_EAS_ON_FILE;
    const asked = askedNames(view(names));
    const list = encodeExtended(asked.map((name) => ({ name, value: found.get(name) ?? new Uint8Array() })));
    into.set(list);
    return list.length;
  }

  changeAttributes(handle: number, from: Uint8Array): number {
    const id = this.#idOf(handle);
    const kept = this.#extended.get(id) ?? new Map<string, Uint8Array>();
    for (const { name, value } of decodeExtended(view(from))) kept.set(name, value);
    this.#extended.set(id, kept);
    return 0;
  }

  control(handle: number, code: number, from: Uint8Array | null, into: Uint8Array | null): number {
    const id = this.#idOf(handle);
    if (code === SET_REPARSE_POINT && from) {
      if (this.refuseSymlinks && view(from).readUInt32LE(0) === SYMLINK) return PRIVILEGE_NOT_HELD;
      this.#reparse.set(id, Buffer.from(from));
      return 0;
    }
    if (code !== GET_REPARSE_POINT || !into) return this.#inner.control(handle, code, from, into);
    const link = this.#reparse.get(id);
    if (!link) return NOT_A_REPARSE_POINT;
    into.set(link);
    return link.length;
  }

  /** Makes a file or directory that is there into a link, as another program would. */
  plant(path: string, reparse: Buffer): void {
    const handle = this.#inner.open(0, `\\??\\${path}`, 0x80, 1, OPEN_REPARSE_POINT | 0x4000, 0, null);
    if (handle < 0) throw new Error(`${path}: ${(handle >>> 0).toString(16)}`);
    this.#reparse.set(this.#idOf(handle), reparse);
    this.#inner.close(handle);
  }

  /** What a file's reparse point says, by its number. */
  reparseOf(id: bigint): Buffer | undefined {
    return this.#reparse.get(id);
  }

  /** Gives a file that is there an extended attribute. */
  plantAttribute(path: string, name: string, value: Uint8Array): void {
    const handle = this.#inner.open(0, `\\??\\${path}`, 0x80, 1, OPEN_REPARSE_POINT | 0x4000, 0, null);
    if (handle < 0) throw new Error(`${path}: ${(handle >>> 0).toString(16)}`);
    this.changeAttributes(handle, encodeExtended([{ name, value }]));
    this.#inner.close(handle);
  }

  read(handle: number, into: Uint8Array, offset: number): number {
    return this.#inner.read(handle, into, offset);
  }

  write(handle: number, from: Uint8Array, offset: number): number {
    return this.#inner.write(handle, from, offset);
  }

  async flush(handle: number): Promise<number> {
    return await this.#inner.flush(handle);
  }

  #isDirectory(handle: number): boolean {
    const bytes = Buffer.alloc(8);
    this.#inner.query(handle, classes.attributeTag, bytes);
    return (bytes.readUInt32LE(0) & DIRECTORY) !== 0;
  }

  #idOf(handle: number): bigint {
    const bytes = Buffer.alloc(8);
    this.#inner.query(handle, classes.internal, bytes);
    return bytes.readBigUInt64LE();
  }
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** FILE_RENAME_INFORMATION that replaces. */
function newName(directory: number, name: string): Buffer {
  const text = Buffer.from(name, "utf16le");
  const bytes = Buffer.alloc(24 + text.length);
  bytes.writeUInt8(1, 0);
  bytes.writeBigUInt64LE(BigInt(directory), 8);
  bytes.writeUInt32LE(text.length, 16);
  text.copy(bytes, 20);
  return bytes;
}

/** The names of a list of FILE_GET_EA_INFORMATION. */
function askedNames(bytes: Buffer): string[] {
  const names: string[] = [];
  for (let at = 0; ;) {
    names.push(bytes.toString("latin1", at + 5, at + 5 + bytes.readUInt8(at + 4)));
    const next = bytes.readUInt32LE(at);
    if (next === 0) return names;
    at += next;
  }
}
