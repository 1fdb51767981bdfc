import { open, rename, type FileHandle } from "node:fs/promises";

/** Bytes that may wait for a slow disk before the newest are dropped. */
const MAX_WAITING = 256 * 1024;

/**
 * An append-only file of bounded size: when it is full it becomes `<path>.1`, replacing the former one. Writing never
 * blocks and never fails: what the disk does not take is dropped, since this is for logs.
 */
export class RotatingFile {
  readonly path: string;
  readonly #maxBytes: number;
  #file: FileHandle;
  #size: number;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;

  private constructor(path: string, maxBytes: number, opened: { file: FileHandle; size: number }) {
    this.path = path;
    this.#maxBytes = maxBytes;
    this.#file = opened.file;
    this.#size = opened.size;
  }

  /** Opens `path` for appending, mode 0600. At most twice `maxBytes` are kept in all. */
  static async open(path: string, maxBytes: number): Promise<RotatingFile> {
    return new RotatingFile(path, maxBytes, await openAppend(path));
  }

  write(data: Buffer): void {
    if (this.#waitingBytes + data.length > MAX_WAITING) return;
    this.#waiting.push(data);
    this.#waitingBytes += data.length;
    this.#writing ??= this.#drain();
  }

  /** Resolves when all that was taken is written and the file is closed. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  async #drain(): Promise<void> {
    while (this.#waitingBytes > 0) {
      const data = Buffer.concat(this.#waiting);
      this.#waiting = [];
      this.#waitingBytes = 0;
      // A full disk loses log lines; it must not stop the machine that writes them.
      await this.#append(data).catch(() => {});
    }
    this.#writing = undefined;
  }

  async #append(data: Buffer): Promise<void> {
    for (let rest = data; rest.length > 0;) {
      if (this.#size >= this.#maxBytes) await this.#rotate();
      const part = rest.subarray(0, this.#maxBytes - this.#size);
      await this.#file.appendFile(part);
      this.#size += part.length;
      rest = rest.subarray(part.length);
    }
  }

  async #rotate(): Promise<void> {
    await rename(this.path, `${this.path}.1`);
    const { file, size } = await openAppend(this.path);
    await this.#file.close();
    this.#file = file;
    this.#size = size;
  }
}

async function openAppend(path: string): Promise<{ file: FileHandle; size: number }> {
  const file = await open(path, "a", 0o600);
  const { size } = await file.stat();
  return { file, size };
}
