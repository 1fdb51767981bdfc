import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** How often one who waits looks whether the lock is free: nobody notices, and it costs nothing beside a build. */
const LOOK_EVERY_MS = 250;

/** Lets go of the lock. */
export type Release = () => void;

/**
 * Takes a name that one process on this machine can hold; undefined when another has it. The lock is an abstract socket,
 * because the kernel lets go of it with the process, however the process ends: there is no stale lock file to judge.
 */
export async function tryLock(name: string): Promise<Release | undefined> {
  const server = createServer();
  const address = `\0tswsl-lock-${createHash("sha256").update(name).digest("hex")}`;
  return new Promise((done, failed) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") done(undefined);
      else failed(error);
    });
    server.listen(address, () => done(() => void server.close()));
  });
}

/** Waits for the lock; `onWait` is called once if another process has it. */
export async function lock(name: string, signal: AbortSignal, onWait: () => void): Promise<Release> {
  for (let told = false; ; told = true) {
    signal.throwIfAborted();
    const release = await tryLock(name);
    if (release) return release;
    if (!told) onWait();
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}
