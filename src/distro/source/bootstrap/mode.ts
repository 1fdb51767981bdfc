import { constants } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { TswslError } from "../../../base/errors.ts";

/** How mmdebstrap gets files that belong to root (mmdebstrap(1), MODES). */
export type BootstrapMode = "root" | "unshare" | "fakechroot";

export interface ModeFacts {
  readonly uid: number;
  /** newuidmap is installed and /etc/subuid gives this user a range. */
  readonly hasSubordinateIds: boolean;
  readonly hasFakechroot: boolean;
}

/** The best mode there is. Raises `unavailable` with what to install. */
export function chooseMode({ uid, hasSubordinateIds, hasFakechroot }: ModeFacts): BootstrapMode {
  if (uid === 0) return "root";
  if (hasSubordinateIds) return "unshare";
  if (hasFakechroot) return "fakechroot";
  throw new TswslError(
    "unavailable",
    "a root file system cannot be made without root or subordinate user ids",
    {
      hint: "Install what is missing: sudo apt-get install uidmap",
    },
  );
}

/** What this host has. */
export async function modeFacts(path = process.env["PATH"] ?? ""): Promise<ModeFacts> {
  const { uid, username } = userInfo();
  const hasRange = await hasSubuidRange(uid, username);
  return {
    uid,
    hasSubordinateIds: hasRange && (await findProgram("newuidmap", path)) !== undefined,
    hasFakechroot: (await findProgram("fakechroot", path)) !== undefined,
  };
}

async function hasSubuidRange(uid: number, username: string): Promise<boolean> {
  const text = await readFile("/etc/subuid", "utf8").catch(() => "");
  return text.split("\n").some((line) => line.startsWith(`${username}:`) || line.startsWith(`${uid}:`));
}

/** The path of an executable, looked for as a shell does. */
export async function findProgram(
  name: string,
  path = process.env["PATH"] ?? "",
): Promise<string | undefined> {
  for (const directory of path.split(delimiter).filter(Boolean)) {
    const candidate = join(directory, name);
    const isThere = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return candidate;
  }
  return undefined;
}
