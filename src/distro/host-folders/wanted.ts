import { posix } from "node:path";
import { HOST_FILES_PATH } from "../../protocol/guest.ts";
import type { WslConf } from "../wsl-conf.ts";
import { caseOption, exportPath, plainExport, type ExportName } from "./export-name.ts";
import { isDrivePath } from "./folder-path.ts";
import type { HostFolderPolicy } from "./policy.ts";

/** A folder of the host and its place in a distro. */
export interface FolderMount {
  /** Path from the root of what the host serves. */
  readonly source: string;
  /** Absolute, in the distro. */
  readonly target: string;
  readonly readOnly: boolean;
}

/** A folder that is mounted whatever wsl.conf says, because the user has asked for it here. */
interface AddedFolder {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** A root of the host's own: `/`, or a drive. */
export interface HostRoot {
  readonly path: string;
  /** Its directory below automount.root: `host`, `c`. */
  readonly name: string;
}

export interface WantedMounts {
  readonly mounts: readonly FolderMount[];
  /** How folders that are chosen later are shown. */
  readonly look: FolderLook;
  readonly warnings: readonly string[];
}

/** How a distro sees the folders that the user has chosen for it. */
export type FolderLook = Pick<ExportName, "uid" | "gid"> & DriveOptions;

type DriveOptions = Pick<ExportName, "metadata" | "case" | "symlinkRoot">;

export interface MountFacts {
  readonly automount: WslConf["automount"];
  readonly policy: HostFolderPolicy;
  readonly roots: readonly HostRoot[];
  readonly added: readonly AddedFolder[];
  /** Of the user for whom wsl.conf has no uid= and gid=. */
  readonly owner: { readonly uid: number; readonly gid: number };
}

/** The root of all that is served, where `mount -t drvfs` in the distro finds what it binds. */
const everything: FolderMount = { source: "", target: HOST_FILES_PATH, readOnly: false };

/**
 * What is mounted into a distro when it starts: the host's roots as wsl.conf's [automount] says, and what was added with
 * `tswsl mount-host`. Options that cannot be understood are told of and left out.
 */
export function wantedMounts({ automount, policy, roots, added, owner }: MountFacts): WantedMounts {
  const { options, warnings } = automountOptions(automount, owner);
  const automatic =
    automount.enabled && policy.access !== "none"
      ? roots.map(({ path, name }) =>
          mountOf({ ...plainExport(path), ...options }, posix.join("/", automount.root, name), policy),
        )
      : [];
  const look = { ...owner, metadata: options.metadata, case: options.case, symlinkRoot: options.symlinkRoot };
  const mounts = [...automatic, ...added.map((folder) => chosenMount(folder, look))];
  return { mounts: mounts.length > 0 ? [everything, ...mounts] : [], look, warnings };
}

/** The mount of a folder that the user has chosen. */
export function chosenMount({ source, target, readOnly }: AddedFolder, look: FolderLook): FolderMount {
  return mountOf({ ...plainExport(source), ...look, readOnly }, target, { access: "read-write" });
}

function mountOf(
  name: ExportName,
  target: string,
  { access }: Pick<HostFolderPolicy, "access">,
): FolderMount {
  const readOnly = name.readOnly || access === "read-only";
  const own = isDrivePath(name.path) ? name : { ...name, ...withoutDriveOptions };
  return { source: exportPath({ ...own, readOnly }), target, readOnly };
}

const withoutDriveOptions: DriveOptions = { metadata: false, case: "off", symlinkRoot: undefined };

interface AutomountOptions {
  readonly options: Partial<ExportName> & DriveOptions;
  readonly warnings: readonly string[];
}

/** Mount options that change nothing for us: how the kernel's own mount is made is not the distro's choice. */
const ignored = new Set(["", "noatime", "rw", "defaults"]);

function automountOptions(
  { options: text, root }: WslConf["automount"],
  owner: MountFacts["owner"],
): AutomountOptions {
  // As in path names of the distro: `/` and `/mnt` both with a slash at the end.
  const symlinkRoot = posix.join("/", root, "/");
  let options: AutomountOptions["options"] = { ...withoutDriveOptions, ...owner, symlinkRoot };
  const warnings: string[] = [];
  for (const word of text.split(",").map((part) => part.trim())) {
    const [key = "", value = ""] = word.split("=");
    if (ignored.has(word) || key === "fallback") continue;
    const isId = (key === "uid" || key === "gid") && /^\d{1,10}$/.test(value);
    const isMask = /^[ufd]mask$/.test(key) && /^[0-7]{1,4}$/.test(value);
    if (word === "ro") options = { ...options, readOnly: true };
    else if (word === "metadata") options = { ...options, metadata: true };
    else if (key === "case" && caseOption(value)) options = { ...options, ...caseOption(value) };
    else if (isId) options = { ...options, [key]: Number(value) };
    else if (isMask) options = { ...options, [key]: Number.parseInt(value, 8) };
    else warnings.push(`[automount] options: '${word}' is not known and is left out`);
  }
  return { options, warnings };
}
