import { FileError } from "../../fs-9p/errors/file-error.ts";
import { directoryTypeOf } from "../../fs-9p/linux.ts";
import { textFromName } from "../../fs-9p/names.ts";
import type { DistroPlace, FileType } from "../../protocol/files.ts";
import { failureAt } from "./file-failure.ts";
import { typeOf } from "./list.ts";
import { locate } from "./locate.ts";
import type { OpenCall, OpenPlace, Places } from "./open-place.ts";

export interface StatRequest {
  readonly place: DistroPlace;
  readonly user?: string | undefined;
}

interface Found {
  readonly distro: string;
  readonly path: string;
  readonly type: FileType;
}

/** Where a place is, symbolic links followed, and what is there. */
export async function statFile({ place, user }: StatRequest, places: Places, call: OpenCall): Promise<Found> {
  const opened = await places.open(place, user, call);
  try {
    return await find(opened);
  } catch (error) {
    opened.signal.throwIfAborted();
    throw failureAt(opened.shown, error);
  } finally {
    opened.release();
  }
}

async function find({ root, path, shown }: OpenPlace): Promise<Found> {
  const located = await locate(root, path, true);
  try {
    if (located.node === undefined) throw new FileError("ENOENT");
    const { mode } = await located.node.getattr();
    const distro = shown.slice(0, shown.indexOf(":"));
    return { distro, path: textFromName(located.path), type: typeOf(directoryTypeOf(mode)) };
  } finally {
    await located.close();
  }
}
