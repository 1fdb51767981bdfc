import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { withDeadline } from "../../base/deadline.ts";
import { errorFromWire, TswslError } from "../../base/errors.ts";
import type { Logger } from "../../base/log.ts";
import { timeouts } from "../../base/timeouts.ts";
import type { HostFolderServer } from "../../distro/host-folders/host-folders.ts";
import type { HostFolderPolicy } from "../../distro/host-folders/policy.ts";
import type { ReplayEvent } from "../../protocol/guest.ts";
import type { StreamAddress } from "../../vm/stream-address.ts";
import type { FromFileServer, ToFileServer } from "./messages.ts";

/**
 * Serves the host's folders on a thread of its own: its calls to the file system are synchronous, and the daemon's event
 * loop must not wait for a slow disk. The thread is started when it is first wanted, and again after it has died.
 */
export class FileServer implements HostFolderServer {
  readonly #log: Logger;
  readonly #onLost = new Set<() => void>();
  readonly #onWalked = new Set<() => void>();
  readonly #onChanges = new Set<(events: readonly ReplayEvent[]) => void>();
  #worker: Worker | undefined;
  #opening: PromiseWithResolvers<void> | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  async serve(address: StreamAddress, policy: HostFolderPolicy, signal: AbortSignal): Promise<void> {
    const opening = Promise.withResolvers<void>();
    // Its deadline may come first.
    opening.promise.catch(() => undefined);
    this.#opening?.reject(new TswslError("cancelled", "another stream is to be served"));
    this.#opening = opening;
    this.#worker ??= this.#start();
    this.#tell({ kind: "serve", address, policy });
    const deadline = { ms: timeouts.filesMount, what: "the thread that serves the host's files" };
    await withDeadline(signal, deadline, () => opening.promise);
  }

  allow(policy: HostFolderPolicy): void {
    this.#tell({ kind: "allow", policy });
  }

  watch(files: readonly number[]): void {
    this.#tell({ kind: "watch", files });
  }

  replayed(told: boolean): void {
    this.#tell({ kind: "replayed", told });
  }

  onChanges(callback: (events: readonly ReplayEvent[]) => void): void {
    this.#onChanges.add(callback);
  }

  onWalked(callback: () => void): void {
    this.#onWalked.add(callback);
  }

  onLost(callback: () => void): void {
    this.#onLost.add(callback);
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #tell(message: ToFileServer): void {
    this.#worker?.postMessage(message);
  }

  #start(): Worker {
    const worker = new Worker(workerFile(), { name: "tswsl-files" });
    // What our own thread sends, by its declaration.
    worker.on("message", (message: FromFileServer) => this.#hear(message));
    worker.on("error", (error) => this.#log.error("the thread that serves files failed", { error }));
    worker.on("exit", (code) => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#opening?.reject(new TswslError("unavailable", `the thread that serves files ended with ${code}`));
      this.#lost(`it ended with ${code}`);
    });
    // The daemon ends when it is told to, not when this thread does.
    worker.unref();
    return worker;
  }

  #hear(message: FromFileServer): void {
    switch (message.kind) {
      case "serving":
        this.#opening?.resolve();
        return;
      case "failed":
        this.#opening?.reject(errorFromWire(message.error));
        return;
      case "ended":
        this.#lost(message.reason);
        return;
      case "walked":
        for (const callback of this.#onWalked) callback();
        return;
      case "changes":
        for (const callback of this.#onChanges) callback(message.events);
    }
  }

  #lost(reason: string): void {
    this.#log.info("the host's files are not served any more", { reason });
    for (const callback of this.#onLost) callback();
  }
}

/** Beside the daemon's bundle, or tswsl.exe: a thread's program must be a file. */
function workerFile(): string {
  return join(import.meta.dirname, "file-server.cjs");
}
