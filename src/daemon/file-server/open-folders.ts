import { userInfo } from "node:os";
import { resolve } from "node:path";

import { type ExportName, formatExport } from "../../distro/host-folders/export-name.ts";
import { permitted, type HostFolderPolicy } from "../../distro/host-folders/policy.ts";
import {
  type AttachRequest,
  FileError,
  type FileNode,
  type FileSystem,
  HostDisk,
  presented,
  readOnly,
} from "../../fs-9p/index.ts";

/** So many different names may be asked for; a guest that goes on makes the first ones be opened anew. */
const KEPT = 256;

/** The folders that the guest has asked for, each opened once for all who walk to it. */
export class OpenFolders {
  #policy: HostFolderPolicy = { access: "none", chosen: [] };
  readonly #disks = new Map<string, HostDisk>();

  allow(policy: HostFolderPolicy): void {
    this.#policy = policy;
    // What the guest has open stays open; what it walks to from now on is judged anew.
    for (const disk of this.#disks.values()) disk.close();
    this.#disks.clear();
  }

  /** The root of a folder. Throws FileError: EACCES for one that the guest may not have, or what opening it gives. */
  open(name: ExportName, request: AttachRequest): FileNode {
    // `/home/../etc` is written out, so that it is judged as what it is.
    const wanted = permitted({ ...name, path: resolve(name.path) }, this.#policy);
    if (!wanted) throw new FileError("EACCES");
    const fileSystem = shownAs(this.#disk(wanted), wanted);
    // The host disk is synchronous, and what is laid over it too.
    return fileSystem.attach({ ...request, path: "" }) as FileNode;
  }

  #disk(name: ExportName): HostDisk {
    const key = formatExport(name);
    const known = this.#disks.get(key);
    if (known) return known;
    const disk = new HostDisk(name.path);
    const [oldest] = this.#disks.keys();
    if (this.#disks.size >= KEPT && oldest !== undefined) {
      this.#disks.get(oldest)?.close();
      this.#disks.delete(oldest);
    }
    this.#disks.set(key, disk);
    return disk;
  }
}

/**
 * What belongs to the host's user belongs to the guest's: where both have the same numbers, every owner is shown as it is.
 */
function shownAs(disk: FileSystem, name: ExportName): FileSystem {
  const { uid, gid } = userInfo();
  const same = (name.uid ?? uid) === uid && (name.gid ?? gid) === gid;
  const owner = same ? {} : { uid: name.uid, gid: name.gid };
  const masks = { umask: name.umask, fmask: name.fmask, dmask: name.dmask };
  const plain = same && Object.values(masks).every((mask) => mask === 0);
  const shown = plain ? disk : presented(disk, { ...owner, ...masks });
  return name.readOnly ? readOnly(shown) : shown;
}
