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
import { parseExport, type ExportName } from "./export-name.ts";

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

/** Files of the host have numbers of their own; the root's is one that no file has. */
const qid: Qid = { type: QTDIR, version: 0, path: 0 };

const attributes: Attributes = {
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
};

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

/** The root: nothing in it can be changed or made. */
class ExportsRoot implements FileNode {
  readonly qid = qid;
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

  constructor(open: (name: AskedExport) => FileNode) {
    this.#open = open;
  }

  walk(name: string): FileNode {
    const asked = Buffer.from(name, "latin1").toString("utf8");
    const folder = parseExport(asked);
    if (!folder) throw new FileError("ENOENT");
    return this.#open({ asked, folder });
  }

  parent(): FileNode {
    return new ExportsRoot(this.#open);
  }

  getattr(): Attributes {
    return attributes;
  }

  open(): OpenFile {
    return openRoot;
  }

  readlink(): never {
    throw new FileError("EINVAL");
  }

  statfs(): FileSystemStatistics {
    return statistics;
  }

  close(): void {}
}

const openRoot: OpenFile = {
  qid,
  read: isDirectory,
  write: isDirectory,
  readdir: () => [],
  getattr: () => attributes,
  setattr: readOnly,
  fsync: () => {},
  lock: isDirectory,
  getlock: isDirectory,
  close: () => {},
};
