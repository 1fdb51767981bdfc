import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { throwIfAborted } from "../../base/deadline.ts";
import type { ReportProgress } from "./distro-source.ts";

const CHUNK_BYTES = 1024 * 1024;

/** Reads an open file from its start to `size` into a new SHA-256. Raises `cancelled`; errors of the disk pass. */
export async function hashFile(
  handle: FileHandle,
  { size, phase }: { size: number; phase: string },
  signal: AbortSignal,
  report: ReportProgress,
): Promise<ReturnType<typeof createHash>> {
  const hash = createHash("sha256");
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let done = 0; done < size;) {
    throwIfAborted(signal);
    const { bytesRead } = await handle.read(chunk, 0, Math.min(CHUNK_BYTES, size - done), done);
    if (bytesRead === 0) break;
    hash.update(chunk.subarray(0, bytesRead));
    done += bytesRead;
    report({ phase, done, total: size });
  }
  return hash;
}

/** A SHA-256 as WSL writes it (64 hex digits, perhaps after `0x`) in lower case; undefined when it is none. */
export function normalizeSha256(text: string): string | undefined {
  const match = /^(?:0x)?([0-9a-f]{64})$/i.exec(text.trim());
  return match?.[1]?.toLowerCase();
}
