import { realpath, stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { TswslError } from "../../base/errors.ts";
import type { HostFolder } from "../../protocol/daemon.ts";
import { folderPath, isSameFolder } from "./folder-path.ts";

/**
 * Checks a folder that is to be mounted: a directory of the host without links on the way to it, and a place in the distro
 * that is not the distro itself. Answers with the folder as the host itself spells it. Raises `invalid-argument` or
 * `not-found`.
 */
export async function checkHostFolder(folder: HostFolder): Promise<HostFolder> {
  const { source, target } = folder;
  if (!isAbsolute(source)) throw invalid(`'${source}' is not an absolute path of the host`);
  if (!target.startsWith("/") || target.split("/").includes("..") || target.includes("\0"))
    throw invalid(`'${target}' is not an absolute path in the distribution`);
  if (/^\/+$/.test(target)) throw invalid("a folder cannot be mounted over the distribution's root");
  if (folderPath(source) === undefined) throw invalid(`'${source}' is not on a drive of this computer`);
  const real = await realFolder(source);
  if (!isSameFolder(real, source)) throw invalid(`'${source}' is a link; the folder is '${real}'`);
  return { ...folder, source: real };
}

async function realFolder(source: string): Promise<string> {
  try {
    const real = await realpath(source);
    if ((await stat(real)).isDirectory()) return real;
  } catch (error) {
    throw new TswslError("not-found", `the folder '${source}' cannot be found`, {
      cause: error,
      hint: process.platform === "win32" ? `See: dir "${source}"` : `See: ls -ld ${source}`,
    });
  }
  throw invalid(`'${source}' is not a folder`);
}

function invalid(message: string): TswslError {
  return new TswslError("invalid-argument", message, { hint: "See: tswsl help mount-host" });
}
