import { FileError } from "../errors/file-error.ts";
import type { AttachRequest, Attributes, FileNode, FileSystem } from "../file-system.ts";
import { checkName } from "../names.ts";
import type { HostDirectory, HostStats } from "./host-directory.ts";
import { LinuxDirectory } from "./linux-directory.ts";
import { HostNode } from "./node.ts";
import { type QidPaths, QidTable } from "./qid-paths.ts";
import { Volume } from "./volume.ts";
import type { DrvfsOptions } from "./windows/drvfs-options.ts";
import { ntfsAddon } from "./windows/ntfs-addon.ts";
import { WindowsDirectory } from "./windows/windows-directory.ts";

export interface HostDiskOptions {
  /** How long attributes are remembered for the requests that follow a walk or a listing; see recent-attributes.ts. */
  readonly rememberForMs?: number;
  /** Directories held open at once; those above it are opened again by name when they are wanted. */
  readonly maxDirectories?: number;
  /** How files are numbered, where one server shows several trees; see qid-paths.ts. */
  readonly qidPaths?: QidPaths;
  /** On Windows: how its files look to Linux. Linux's are shown as they are. */
  readonly drvfs?: DrvfsOptions;
}

const REMEMBER_FOR_MS = 50;
const MAX_DIRECTORIES = 4096;

/**
 * A folder of this host as a file system. Everything is done as the user that runs this process: what is created is that
 * user's, and the client's group is not looked at. Nothing outside the folder is reached, whatever names, links and renames
 * the client or other programs come up with: see linux-directory.ts and windows/windows-directory.ts. A file that another program moves out of the folder
 * stays reachable for those who have it open, and a directory for those who are in it.
 */
export class HostDisk implements FileSystem {
  readonly #volume: Volume;
  #closed = false;

  /** `folder`: its path, or opened. Throws FileError: ENOENT, ENOTDIR, EACCES. On Windows `unavailable` where ntfs.node is missing. */
  constructor(folder: string | HostDirectory, options: HostDiskOptions = {}) {
    this.#volume = new Volume(typeof folder === "string" ? openFolder(folder, options) : folder, {
      rememberForMs: options.rememberForMs ?? REMEMBER_FOR_MS,
      maxDirectories: options.maxDirectories ?? MAX_DIRECTORIES,
      qidPaths: options.qidPaths ?? new QidTable().tree(0),
    });
  }

  /** `path` is names with `/` between them, from the folder; symbolic links in it are not followed. */
  attach({ path, uid }: AttachRequest): FileNode {
    const { root } = this.#volume;
    const { qid } = this.#volume.attributesOfDirectory(root.directory());
    let node: FileNode = new HostNode(this.#volume, root.use(), { qid, uid });
    try {
      for (const name of path.split("/").filter((part) => part !== "")) {
        checkName(name);
        const above = node;
        // A walk of the host disk is synchronous.
        node = above.walk(name) as FileNode;
        void above.close();
      }
      if ((node.qid.type & 0x80) === 0) throw new FileError("ENOTDIR");
      return node;
    } catch (error) {
      void node.close();
      throw error;
    }
  }

  /**
   * A directory below the folder, for a use of its own, without following links on the way. The caller closes it. Throws
   * FileError.
   */
  openDirectory(names: readonly string[]): HostDirectory {
    let directory = this.#volume.root.directory().openDirectory(".");
    for (const name of names) {
      const above = directory;
      try {
        directory = above.openDirectory(name);
      } finally {
        above.close();
      }
    }
    return directory;
  }

  /** What this file system says of a file of which the host says that. */
  attributesOf(stats: HostStats): Attributes {
    return this.#volume.attributesOfStats(stats);
  }

  /** Lets the folder go. What sessions have open lives until they close it. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#volume.root.release();
  }
}

function openFolder(path: string, { drvfs }: HostDiskOptions): HostDirectory {
  return process.platform === "win32"
    ? WindowsDirectory.open(path, ntfsAddon(), drvfs)
    : LinuxDirectory.open(path);
}
