import type { FileNode } from "../../fs-9p/file-system.ts";
import { FileError } from "../../fs-9p/errors/file-error.ts";
import { locate } from "./locate.ts";
import { readFile } from "./read-file.ts";

/** More than any file of names has; what comes after it is not looked at. */
const MAX_BYTES = 1024 * 1024;

/** Who uids and gids are in a distro. */
export interface Names {
  readonly users: ReadonlyMap<number, string>;
  readonly groups: ReadonlyMap<number, string>;
}

/** From the distro's /etc/passwd and /etc/group; what is not there has no names. */
export async function readNames(root: FileNode, signal: AbortSignal): Promise<Names> {
  const [users, groups] = await Promise.all([
    namesIn(root, "/etc/passwd", signal),
    namesIn(root, "/etc/group", signal),
  ]);
  return { users, groups };
}

async function namesIn(root: FileNode, path: string, signal: AbortSignal): Promise<Map<number, string>> {
  const names = new Map<number, string>();
  const text = await textOf(root, path, signal);
  for (const line of text.split("\n")) {
    const [name = "", , id = ""] = line.split(":");
    // The first line of an id counts, as for getpwuid(3).
    if (name !== "" && /^\d{1,10}$/.test(id) && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}

async function textOf(root: FileNode, path: string, signal: AbortSignal): Promise<string> {
  try {
    const located = await locate(root, path, true);
    try {
      return located.node === undefined ? "" : await contentOf(located.node, signal);
    } finally {
      await located.close();
    }
  } catch (error) {
    if (error instanceof FileError) return "";
    throw error;
  }
}

async function contentOf(node: FileNode, signal: AbortSignal): Promise<string> {
  const file = await node.open(0);
  try {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of readFile(file, 0, signal)) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MAX_BYTES) break;
    }
    return Buffer.concat(chunks).toString("utf8");
  } finally {
    await file.close();
  }
}
