import type { Result } from "../../protocol/contract.ts";
import type { guestContract } from "../../protocol/guest.ts";
import { isTswslError } from "../../base/errors.ts";
import { findAccount } from "../files/account.ts";
import type { DistroRecord } from "../registry.ts";
import type { WslConf } from "../wsl-conf.ts";
import type { HostFolders } from "./host-folders.ts";
import { hostRoots } from "./host-roots.ts";
import type { HostFolderPolicy } from "./policy.ts";
import { wantedMounts } from "./wanted.ts";

export interface StartFoldersFacts {
  readonly record: DistroRecord;
  readonly conf: WslConf;
  readonly found: Pick<Result<(typeof guestContract)["distro.inspect"]>, "passwd">;
  readonly policy: HostFolderPolicy;
}

/** Gives a distro that has just started the host's folders it is to have. Answers with what the user should know. */
export async function mountStartFolders(
  folders: HostFolders,
  { record, conf, found, policy }: StartFoldersFacts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const user = conf.user.default ?? "root";
  const wanted = wantedMounts({
    automount: conf.automount,
    policy,
    roots: hostRoots(),
    added: record.hostFolders ?? [],
    owner: ownerFor(found.passwd, user),
  });
  return [...wanted.warnings, ...(await folders.mount(record.id, wanted.mounts, signal))];
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
