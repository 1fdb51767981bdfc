import { randomBytes } from "node:crypto";
import type { Attributes, FileNode } from "../../../fs-9p/file-system.ts";
import { O_EXCL, O_NOFOLLOW, O_WRONLY } from "../../../fs-9p/linux.ts";
import { copyAttributes } from "./attributes.ts";
import { copyContent } from "./copy-content.ts";
import type { CopyRun } from "./copy-run.ts";

/** A file to copy, and the name it is to have. */
export interface FileCopy {
  readonly from: FileNode;
  readonly attributes: Attributes;
  readonly directory: FileNode;
  readonly name: string;
}

/** A name that no file has and that tells what it is, should it ever be left. */
function partialName(): string {
  return `.tswsl-partial-${randomBytes(6).toString("hex")}`;
}

/** Copies a regular file: under a name of its own until it is complete, then in the place of what had the name. */
export async function copyFile({ from, attributes, directory, name }: FileCopy, run: CopyRun): Promise<void> {
  const source = await from.open(O_NOFOLLOW);
  try {
    await makeWhole(directory, name, async (partial) => {
      const { node, file } = await directory.create(partial, O_WRONLY | O_EXCL, {
        mode: 0o600,
        gid: attributes.gid,
      });
      try {
        const { size, blocks } = attributes;
        await copyContent({ from: source, to: file, size, sparse: blocks * 512 < size }, run);
        await copyAttributes(file, attributes, run);
      } finally {
        await file.close();
        await node.close();
      }
    });
  } finally {
    await source.close();
  }
}

/** Has `make` make something under a name for the time being, which then takes the place of what had the name. */
export async function makeWhole(
  directory: FileNode,
  name: string,
  make: (partial: string) => Promise<void>,
): Promise<void> {
  const partial = partialName();
  try {
    await make(partial);
    await directory.rename(partial, directory, name);
  } catch (error) {
    await remove(directory, partial);
    throw error;
  }
}

/** It may never have been there. */
async function remove(directory: FileNode, partial: string): Promise<void> {
  try {
    await directory.unlink(partial, false);
  } catch {
    // Why there is no copy says more.
  }
}
