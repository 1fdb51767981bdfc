import { createHash } from "node:crypto";
import {
  FileError,
  type AttachRequest,
  type Attributes,
  type FileNode,
  type FileSystem,
  type FileSystemStatistics,
  type OpenFile,
  type Qid,
  type Timestamp,
} from "../../fs-9p/index.ts";
import { MAX_NAME, MORE, parseExport, type ExportName } from "./export-name.ts";

/** What the guest has walked to: the name as it wrote it, and the folder that it means. */
export interface AskedExport {
  readonly asked: string;
  readonly folder: ExportName;
}

/** Opens the folder that a name means, for this attach. Throws {@link FileError} where that cannot be or is not allowed. */
export type OpenExport = (name: AskedExport, request: AttachRequest) => FileNode;

/**
 * What the guest mounts: a root that lists nothing and in which every folder of the host that may be had can be walked to by
 * its export name.
 */
export function exportsFileSystem(open: OpenExport): FileSystem {
  return { attach: (request) => new ExportsRoot((name) => open(name, request)) };
}

/** 9P2000 intro(5): a directory. */
const QTDIR = 0x80;
const S_IFDIR = 0o040000;
const epoch: Timestamp = { seconds: 0, nanoseconds: 0 };

/** So many bits tell parts of long names apart. */
const HASH_BITS = 48;
/** Files of the host have numbers from below (qid-paths.ts), and are not so many that they come near these. */
const HIGHEST = Number.MAX_SAFE_INTEGER;

/** The root's is one that no file has; a client takes what has the same number for the same directory. */
function qidOf(before: string): Qid {
  const hash = createHash("sha256").update(before).digest();
  const path = before === "" ? 0 : HIGHEST - hash.readUIntBE(0, HASH_BITS / 8);
  return { type: QTDIR, version: 0, path };
}

const attributesOf = (qid: Qid): Attributes => ({
  qid,
  mode: S_IFDIR | 0o555,
  uid: 0,
  gid: 0,
  links: 2,
  device: 0,
  size: 0,
  blockSize: 4096,
  blocks: 0,
  accessed: epoch,
  modified: epoch,
  changed: epoch,
});

const statistics: FileSystemStatistics = {
  // V9FS_MAGIC of linux/magic.h.
  type: 0x0102_1997,
  blockSize: 4096,
  blocks: 0,
  freeBlocks: 0,
  availableBlocks: 0,
  files: 0,
  freeFiles: 0,
  id: 0,
  nameLength: 255,
};

function readOnly(): never {
  throw new FileError("EROFS");
}

function isDirectory(): never {
  throw new FileError("EISDIR");
}

function noAttributes(): never {
  throw new FileError("EOPNOTSUPP");
}

/** The root, or a part of a long name in it: nothing can be changed or made there. */
class ExportsRoot implements FileNode {
  readonly create = readOnly;
  readonly mkdir = readOnly;
  readonly symlink = readOnly;
  readonly mknod = readOnly;
  readonly link = readOnly;
  readonly rename = readOnly;
  readonly moveTo = readOnly;
  readonly unlink = readOnly;
  readonly remove = readOnly;
  readonly setattr = readOnly;
  readonly getxattr = noAttributes;
  readonly listxattr = noAttributes;
  readonly setxattr = noAttributes;
  readonly removexattr = noAttributes;
  readonly #open: (name: AskedExport) => FileNode;
  /** What of a long name has been walked. */
  readonly #before: string;
  readonly qid: Qid;

  constructor(open: (name: AskedExport) => FileNode, before = "") {
    this.#open = open;
    this.#before = before;
    this.qid = qidOf(before);
  }

  walk(name: string): FileNode {
    const text = Buffer.from(name, "latin1").toString("utf8");
    const piece = text.startsWith(MORE) ? text.slice(MORE.length) : undefined;
    const asked = this.#before + (piece ?? text);
    if (asked.length > MAX_NAME) throw new FileError("ENAMETOOLONG");
    if (piece) return new ExportsRoot(this.#open, asked);
    const folder = parseExport(asked);
    if (!folder) throw new FileError("ENOENT");
    return this.#open({ asked, folder });
  }

  parent(): FileNode {
    return new ExportsRoot(this.#open);
  }

  getattr(): Attributes {
    return attributesOf(this.qid);
  }

  open(): OpenFile {
    return openDirectory(this.qid);
  }

  readlink(): never {
    throw new FileError("EINVAL");
  }

  statfs(): FileSystemStatistics {
    return statistics;
  }

  close(): void {}
}

const openDirectory = (qid: Qid): OpenFile => ({
  qid,
  read: isDirectory,
  write: isDirectory,
  readdir: () => [],
  getattr: () => attributesOf(qid),
  setattr: readOnly,
  fsync: () => {},
  lock: isDirectory,
  getlock: isDirectory,
  close: () => {},
});
