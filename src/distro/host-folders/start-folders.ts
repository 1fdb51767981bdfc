import type { Result } from "../../protocol/contract.ts";
import type { guestContract } from "../../protocol/guest.ts";
import { asTswslError, isTswslError } from "../../base/errors.ts";
import { findAccount } from "../files/account.ts";
import type { DistroRecord } from "../registry.ts";
import type { WslConf } from "../wsl-conf.ts";
import type { HostFolders } from "./host-folders.ts";
import type { HostFolderPolicy } from "./policy.ts";
import { type FolderLook, type HostRoot, wantedMounts } from "./wanted.ts";

export interface StartFoldersFacts {
  readonly record: DistroRecord;
  readonly conf: WslConf;
  readonly found: Pick<Result<(typeof guestContract)["distro.inspect"]>, "passwd">;
  readonly policy: HostFolderPolicy;
}

export interface StartFolders {
  /** How folders that are chosen later are shown. */
  readonly look: FolderLook;
  /** What the user should know. */
  readonly warnings: readonly string[];
}

/** Gives a distro that has just started the host's folders it is to have. */
export async function mountStartFolders(
  folders: HostFolders,
  { record, conf, found, policy }: StartFoldersFacts,
  signal: AbortSignal,
): Promise<StartFolders> {
  const user = conf.user.default ?? "root";
  const { roots, warnings } = rootsOf(folders);
  const wanted = wantedMounts({
    automount: conf.automount,
    policy,
    roots,
    added: record.hostFolders ?? [],
    owner: ownerFor(found.passwd, user),
  });
  warnings.push(...wanted.warnings, ...(await folders.mount(record.id, wanted.mounts, signal)));
  return { look: wanted.look, warnings };
}

/** A host that cannot tell its drives is no reason not to start a distro. */
function rootsOf(folders: HostFolders): { roots: readonly HostRoot[]; warnings: string[] } {
  try {
    return { roots: folders.roots(), warnings: [] };
  } catch (error) {
    return { roots: [], warnings: [`The host's drives cannot be told: ${asTswslError(error).message}`] };
  }
}

/** A default user whom the distro does not know makes commands fail, in words of their own; the folders are root's then. */
function ownerFor(passwd: string | null, user: string): { uid: number; gid: number } {
  try {
    const { uid, gid } = findAccount(passwd, user, "");
    return { uid, gid };
  } catch (error) {
    if (!isTswslError(error, "not-found")) throw error;
    return { uid: 0, gid: 0 };
  }
}
