import type { Duplex } from "node:stream";
import type { ComputeSystem } from "../../../src/vm/compute-service.ts";
import type { Session } from "./session.ts";

const { signal } = new AbortController();

/** An HCS_SYSTEM: a handle of one process, and the machine behind it once it is created. */
export class ServedSystem {
  readonly session: Session;
  readonly handle: number;
  readonly id: string;
  system: ComputeSystem | undefined;
  /** A callback is registered. */
  listening = false;
  exited = false;
  /** Service id → its stream when the guest has opened it; null when somebody has taken it. */
  readonly #streams = new Map<string, Duplex | null | undefined>();
  readonly #releases: (() => void)[] = [];

  constructor(session: Session, handle: number, id: string) {
    this.session = session;
    this.handle = handle;
    this.id = id;
  }

  created(system: ComputeSystem): void {
    this.system = system;
  }

  whenClosed(release: () => void): void {
    this.#releases.push(release);
  }

  /**
   * The stream of a service, once. Undefined while the guest has not opened it: asking is what makes us wait for it, as
   * src/vm/qemu gives it only once.
   */
  takeStream(service: string): Duplex | undefined {
    const key = service.toLowerCase();
    if (!this.#streams.has(key)) {
      this.#streams.set(key, undefined);
      void this.#awaitStream(key);
    }
    const stream = this.#streams.get(key) ?? undefined;
    if (stream) this.#streams.set(key, null);
    return stream;
  }

  async close(): Promise<void> {
    try {
      await this.system?.close();
    } finally {
      for (const release of this.#releases) release();
    }
  }

  async #awaitStream(service: string): Promise<void> {
    try {
      // The port is the first field of the service's GUID.
      const stream = await this.system?.connect(Number.parseInt(service.slice(0, 8), 16), signal);
      this.#streams.set(service, stream);
    } catch {
      // Not running yet, or ended: the next who asks tries again, and is refused.
      this.#streams.delete(service);
    }
  }
}
