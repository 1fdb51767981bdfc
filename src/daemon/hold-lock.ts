import { createServer } from "node:net";

/**
 * Holds a named pipe as the lock of this daemon until the process ends, however it ends: Windows makes sure that a pipe's
 * first instance is made once. Answers false when another process has it.
 */
export async function holdLock(pipe: string): Promise<boolean> {
  // Who connects wants to know whether the lock is held, and nothing else.
  const server = createServer((client) => client.on("error", () => undefined).destroy());
  server.unref();
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  server.once("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EADDRINUSE") resolve(false);
    else reject(error);
  });
  server.listen(pipe, () => resolve(true));
  return promise;
}
