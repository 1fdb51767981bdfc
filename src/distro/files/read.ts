import { FileError } from "../../fs-9p/errors/file-error.ts";
import type { FileNode } from "../../fs-9p/file-system.ts";
import { S_IFDIR, S_IFIFO, S_IFMT, S_IFSOCK } from "../../fs-9p/linux.ts";
import { failureAt } from "./file-failure.ts";
import { locate } from "./locate.ts";
import type { OpenCall, OpenPlace, Places } from "./open-place.ts";
import { readFile } from "./read-file.ts";
import type { StatRequest } from "./stat.ts";

/** The content of a file, symbolic links followed. Raises what is wrong with it, with its path. */
export async function* readPlace(
  { place, user }: StatRequest,
  places: Places,
  call: OpenCall,
): AsyncGenerator<Uint8Array> {
  const opened = await places.open(place, user, call);
  try {
    const signal = AbortSignal.any([call.signal, opened.signal]);
    yield* contentAt(opened, signal);
  } catch (error) {
    opened.signal.throwIfAborted();
    throw failureAt(opened.shown, error);
  } finally {
    opened.release();
  }
}

async function* contentAt({ root, path }: OpenPlace, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const located = await locate(root, path, true);
  try {
    if (located.node === undefined) throw new FileError("ENOENT");
    yield* contentOf(located.node, signal);
  } finally {
    await located.close();
  }
}

async function* contentOf(node: FileNode, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const { mode, size } = await node.getattr();
  const type = mode & S_IFMT;
  if (type === S_IFDIR) throw new FileError("EISDIR");
  // Opening one would wait for whoever writes to it, and with it everything else that is asked.
  if (type === S_IFIFO || type === S_IFSOCK) throw new FileError("ENXIO");
  const file = await node.open(0);
  try {
    yield* readFile(file, size, signal);
  } finally {
    await file.close();
  }
}
