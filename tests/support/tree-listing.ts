import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/**
 * What is in a directory of this host, a line for each file, sorted: type and mode, owner, links, time to the second,
 * size and what is in it. Two trees are copies of each other when these are equal.
 */
export function treeListing(top: string, below = ""): string[] {
  const lines: string[] = [];
  for (const name of readdirSync(join(top, below), "latin1").toSorted()) {
    const path = Buffer.from(join(top, below, name), "latin1");
    const stats = lstatSync(path);
    const seconds = Math.floor(stats.mtimeMs / 1000);
    // A directory's size and links are its file system's business.
    const { nlink, size } = stats.isDirectory() ? { nlink: 0, size: 0 } : stats;
    const content = stats.isSymbolicLink()
      ? `-> ${readlinkSync(path, "latin1")}`
      : stats.isFile()
        ? createHash("sha256").update(readFileSync(path)).digest("hex")
        : "";
    lines.push(
      [join(below, name), stats.mode.toString(8), stats.uid, stats.gid, nlink, seconds, size, content].join(
        " ",
      ),
    );
    if (stats.isDirectory()) lines.push(...treeListing(top, join(below, name)));
  }
  return lines;
}
