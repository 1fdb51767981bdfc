import { FileError } from "../../fs-9p/errors/file-error.ts";
import type { FileNode } from "../../fs-9p/file-system.ts";

/** Deeper than any path that Linux takes (PATH_MAX is 4096 bytes). */
const MAX_DEPTH = 2048;

/**
 * What a symbolic link of the distro, in this directory, says to the host's kernel, which follows it from where the folder is mounted: the same
 * place in the distro. A target that is absolute, or goes up, is rewritten so that it cannot lead out of the folder.
 */
export async function targetInFolder(link: FileNode, directory: FileNode): Promise<string> {
  const target = await link.readlink();
  if (!target.startsWith("/") && !target.split("/").includes("..")) return target;
  return containedTarget(target, await depthOf(directory));
}

/**
 * The target as a path relative to the directory of the link, which lies `depth` directories below the root. `..` is taken
 * as text, without following what comes before it, and stops at the root.
 */
export function containedTarget(target: string, depth: number): string {
  const names: string[] = [];
  let up = target.startsWith("/") ? depth : 0;
  for (const name of target.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.length > 0) names.pop();
    else up = Math.min(up + 1, depth);
  }
  return [...Array.from({ length: up }, () => ".."), ...names].join("/") || ".";
}

/** How many directories lie between the root and this one, which is not closed. */
async function depthOf(directory: FileNode): Promise<number> {
  let at = directory;
  try {
    for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
      const above = await at.parent();
      const isRoot = above.qid.path === at.qid.path;
      if (at !== directory) await at.close();
      at = above;
      if (isRoot) return depth;
    }
    throw new FileError("ELOOP");
  } finally {
    if (at !== directory) await at.close();
  }
}
