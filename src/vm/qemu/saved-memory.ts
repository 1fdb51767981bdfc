import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { TswslError } from "../../base/errors.ts";

/** A machine saved to `path` keeps its memory beside it. */
export function memoryFile(path: string): string {
  return `${path}.memory`;
}

/**
 * A copy of a saved machine's memory for one restored machine, open and without a name, so that it is gone with its
 * last user. The saved file itself is never given away: QEMU punches holes into the file under a machine's memory for
 * each page that the guest reports free, even where the mapping is private (`ram_block_discard_range`), and the next
 * machine would find zeroes there.
 */
export async function takeMemoryCopy(path: string): Promise<FileHandle> {
  const memory = memoryFile(path);
  const own = `${memory}.${randomUUID()}`;
  // The spare is one machine's only: whoever renames it has it.
  await rename(spareFile(memory), own).catch(() => copySparse(memory, own, { quietly: false }));
  try {
    return await open(own, "r+");
  } finally {
    await rm(own, { force: true });
  }
}

/** Makes the copy that the next {@link takeMemoryCopy} only has to take. Rejects when aborted; then nothing is left. */
export async function prepareMemoryCopy(path: string, signal: AbortSignal): Promise<void> {
  const spare = spareFile(memoryFile(path));
  const partial = `${spare}.partial`;
  try {
    await copySparse(memoryFile(path), partial, { quietly: true, signal });
    await rename(partial, spare);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

function spareFile(memory: string): string {
  return `${memory}.spare`;
}

interface CopyOptions {
  /** At the lowest priority: nobody waits for it. */
  readonly quietly: boolean;
  readonly signal?: AbortSignal;
}

/** Shares the blocks where the file system can (btrfs, xfs); elsewhere copies what is not zero. */
async function copySparse(from: string, to: string, { quietly, signal }: CopyOptions): Promise<void> {
  const copy = ["cp", "--reflink=auto", "--sparse=always", "--", from, to];
  const child = spawn(
    "setpriv",
    ["--pdeathsig", "KILL", "--", ...(quietly ? ["nice", "-n", "19"] : []), ...copy],
    { stdio: "ignore", ...(signal ? { signal, killSignal: "SIGKILL" } : {}) },
  );
  // The arguments of the "exit" event (node:child_process).
  const [code] = (await once(child, "exit")) as [number | null];
  if (code === 0) return;
  await rm(to, { force: true });
  throw new TswslError("unavailable", `cannot copy ${from} (cp ended with ${code ?? "a signal"})`);
}
