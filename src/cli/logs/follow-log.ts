import { watch } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { StringDecoder } from "node:string_decoder";
import type { LogEnd } from "./read-log-end.ts";

const CHUNK_BYTES = 64 * 1024;

export interface FollowOptions {
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

/**
 * Reports each line added to `file` after `end`, until the signal fires; then it returns. Goes on with the new file
 * when the log is rotated or cut. Woken by the directory's change events, not by a clock.
 */
export async function followLog(file: string, end: LogEnd, { signal, onLine }: FollowOptions): Promise<void> {
  if (signal.aborted) return;
  const reader = new LogReader(file, end, onLine);
  const { promise: stopped, resolve, reject } = Promise.withResolvers<void>();
  // It may fail while the first reading is still awaited.
  stopped.catch(() => undefined);
  const watcher = watch(dirname(file), { persistent: true }, (_event, name) => {
    if (name === null || name === basename(file)) reader.wake().catch(reject);
  });
  watcher.once("error", reject);
  signal.addEventListener("abort", () => resolve(), { once: true });
  try {
    // What was written between reading the end and watching raised no event.
    await reader.wake();
    await stopped;
  } finally {
    watcher.close();
    await reader.close();
  }
}

/** Reads what is new, one reading at a time however often it is woken. */
class LogReader {
  readonly #file: string;
  readonly #onLine: (line: string) => void;
  #position: number;
  #inode: number;
  #decoder = new StringDecoder("utf8");
  #partial = "";
  #handle: FileHandle | undefined;
  #reading: Promise<void> | undefined;
  #again = false;

  constructor(file: string, end: LogEnd, onLine: (line: string) => void) {
    this.#file = file;
    this.#onLine = onLine;
    this.#position = end.position;
    this.#inode = end.inode;
  }

  async wake(): Promise<void> {
    this.#again = true;
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async close(): Promise<void> {
    await this.#reading?.catch(() => undefined);
    await this.#handle?.close();
  }

  async #readAll(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      // What was written before a rotation is still in the file that we hold.
      await this.#drain();
      await this.#reopen();
      await this.#drain();
    }
  }

  /** Goes over to the file that has the name now, unless it is the one we hold and has not been cut. */
  async #reopen(): Promise<void> {
    // Between a rotation's two steps there is none; its creation wakes us again.
    const next = await open(this.#file).catch(() => undefined);
    if (next === undefined) return;
    const { ino, size } = await next.stat();
    if (ino !== this.#inode || size < this.#position) this.#restart(ino);
    await this.#handle?.close();
    this.#handle = next;
  }

  #restart(inode: number): void {
    this.#inode = inode;
    this.#position = 0;
    this.#decoder = new StringDecoder("utf8");
    this.#partial = "";
  }

  async #drain(): Promise<void> {
    if (this.#handle === undefined) return;
    const buffer = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await this.#handle.read(buffer, 0, CHUNK_BYTES, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      this.#take(this.#decoder.write(buffer.subarray(0, bytesRead)));
    }
  }

  #take(text: string): void {
    const lines = (this.#partial + text).split("\n");
    // A line without end cannot grow for ever: the guest writes the console log.
    this.#partial = (lines.pop() ?? "").slice(-CHUNK_BYTES);
    lines.forEach(this.#onLine);
  }
}
