import { userInfo } from "node:os";
import { type ExportName, parseExport } from "../../distro/host-folders/export-name.ts";
import type { AskedExport } from "../../distro/host-folders/exports.ts";
import { folderPath } from "../../distro/host-folders/folder-path.ts";
import { permitted, type HostFolderPolicy } from "../../distro/host-folders/policy.ts";
import {
  type AttachRequest,
  FileError,
  type FileNode,
  type FileSystem,
  HostDisk,
  observed,
  type Observer,
  presented,
  QidTable,
  readOnly,
  replayed,
} from "../../fs-9p/index.ts";
import { REPLAY_UID } from "../../protocol/guest.ts";
import type { HostChanges } from "./changes/host-changes.ts";

/** So many different names may be asked for; a guest that goes on makes the first ones be opened anew. */
const KEPT = 256;

type Changes = Pick<HostChanges, "root" | "script" | keyof Observer>;

/**
 * The folders that the guest has asked for, each opened once for all who walk to it. Every name that it writes is a tree of
 * its own: the guest's kernel must not take a folder that it has under two names for one.
 */
export class OpenFolders {
  readonly #changes: Changes;
  #policy: HostFolderPolicy = { access: "none", chosen: [] };
  readonly #qids = new QidTable();
  /** Those of the names that were asked for, in the order of the first asking. */
  readonly #numbers = new Map<string, number>();
  readonly #disks = new Map<string, HostDisk>();

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  allow(policy: HostFolderPolicy): void {
    this.#policy = policy;
    // What the guest has open stays open; what it walks to from now on is judged anew.
    for (const disk of this.#disks.values()) disk.close();
    this.#disks.clear();
  }

  /** The root of a folder. Throws FileError: EACCES for one that the guest may not have, or what opening it gives. */
  open({ asked, folder }: AskedExport, request: AttachRequest): FileNode {
    const wanted = this.#permitted(folder);
    const disk = this.#disk(asked, wanted);
    const replays = request.uid === REPLAY_UID;
    const fileSystem = replays
      ? shownAs(replayed(disk, this.#changes.script), wanted)
      : restricted(shownAs(observed(disk, this.#changes), wanted), wanted);
    // The host disk is synchronous, and what is laid over it too.
    const node = fileSystem.attach({ ...request, path: "" }) as FileNode;
    if (!replays) this.#changes.root(node, asked);
    return node;
  }

  /** The folder that the guest has asked for under this name. Throws FileError as {@link open}. */
  diskOf(asked: string): HostDisk {
    const folder = parseExport(asked);
    if (!folder) throw new FileError("ENOENT");
    return this.#disk(asked, this.#permitted(folder));
  }

  #permitted(folder: ExportName): ExportName {
    // `/home/../etc` is written out, so that it is judged as what it is.
    const path = folderPath(folder.path);
    const wanted = path === undefined ? undefined : permitted({ ...folder, path }, this.#policy);
    if (!wanted) throw new FileError("EACCES");
    return wanted;
  }

  #disk(asked: string, folder: ExportName): HostDisk {
    const known = this.#disks.get(asked);
    if (known) return known;
    const qidPaths = this.#qids.tree(this.#number(asked));
    const disk = new HostDisk(folder.path, { qidPaths, drvfs: folder });
    this.#disks.set(asked, disk);
    return disk;
  }

  /** The same for as long as the name is known; what is forgotten leaves its number to the next. */
  #number(asked: string): number {
    const known = this.#numbers.get(asked);
    if (known !== undefined) return known;
    const [oldest] = this.#numbers;
    let number = this.#numbers.size;
    if (number >= KEPT && oldest) {
      const [name] = oldest;
      number = oldest[1];
      this.#numbers.delete(name);
      this.#disks.get(name)?.close();
      this.#disks.delete(name);
    }
    this.#numbers.set(asked, number);
    return number;
  }
}

/**
 * What belongs to the host's user belongs to the guest's: where both have the same numbers, every owner is shown as it is.
 * Files of Windows have no such numbers, and the disk itself shows them as drvfs does.
 */
function shownAs(disk: FileSystem, name: ExportName): FileSystem {
  if (process.platform === "win32") return disk;
  const { uid, gid } = userInfo();
  const same = (name.uid ?? uid) === uid && (name.gid ?? gid) === gid;
  const owner = same ? {} : { uid: name.uid, gid: name.gid };
  const masks = { umask: name.umask, fmask: name.fmask, dmask: name.dmask };
  const plain = same && Object.values(masks).every((mask) => mask === 0);
  return plain ? disk : presented(disk, { ...owner, ...masks });
}

function restricted(shown: FileSystem, { readOnly: isReadOnly }: ExportName): FileSystem {
  return isReadOnly ? readOnly(shown) : shown;
}
