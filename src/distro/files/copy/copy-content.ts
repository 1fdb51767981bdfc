import type { OpenFile } from "../../../fs-9p/file-system.ts";
import { FileError } from "../../../fs-9p/errors/file-error.ts";
import { readFile } from "../read-file.ts";
import type { CopyRun } from "./copy-run.ts";

/** Writes under way at once. */
const BEHIND = 8;

export interface Content {
  readonly from: OpenFile;
  readonly to: OpenFile;
  /** As the file's attributes have it. */
  readonly size: number;
  /** It takes less room than its size: zeros are not written then, and stay a hole. */
  readonly sparse: boolean;
}

/** Copies what is in a file, with several reads and writes under way, as fast as the slower side allows. */
export async function copyContent({ from, to, size, sparse }: Content, run: CopyRun): Promise<void> {
  const writes = new Set<Promise<void>>();
  let offset = 0;
  let hole = false;
  try {
    for await (const chunk of readFile(from, size, run.signal)) {
      const at = offset;
      offset += chunk.length;
      hole = sparse && isZero(chunk);
      run.add(chunk.length);
      if (hole) continue;
      const write = writeAll(to, chunk, at).finally(() => writes.delete(write));
      write.catch(() => undefined);
      writes.add(write);
      if (writes.size >= BEHIND) await Promise.race(writes);
    }
    await Promise.all(writes);
    if (hole) await to.setattr({ size: offset });
  } finally {
    // The file is not closed while it is written.
    await Promise.allSettled(writes);
  }
}

async function writeAll(file: OpenFile, chunk: Uint8Array, offset: number): Promise<void> {
  for (let written = 0; written < chunk.length;) {
    const count = await file.write(chunk.subarray(written), offset + written);
    if (count === 0) throw new FileError("ENOSPC");
    written += count;
  }
}

const zeros = Buffer.alloc(64 * 1024);

function isZero(chunk: Uint8Array): boolean {
  for (let at = 0; at < chunk.length; at += zeros.length) {
    const part = chunk.subarray(at, at + zeros.length);
    if (zeros.compare(part, 0, part.length, 0, part.length) !== 0) return false;
  }
  return true;
}
