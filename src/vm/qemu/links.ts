import type { Duplex } from "node:stream";
import { TswslError } from "../../base/errors.ts";

interface Link {
  readonly stream: Duplex;
  /** Resolves when the guest has opened its end; rejects when the machine ends before. */
  readonly opened: PromiseWithResolvers<void>;
  taken: boolean;
}

/** The id of a service's port in QEMU, by its place in the document's ServiceTable. */
export function portId(index: number): string {
  return `port-${index}`;
}

/**
 * The services' streams of one machine. QEMU holds the other ends from its start to its end, so each can be taken
 * once: a closed stream is closed for the guest too, and does not come back.
 */
export class ServiceLinks {
  readonly #links: ReadonlyMap<string, Link>;
  readonly #byPort = new Map<string, Link>();

  /** `streams` are in the order of `services`. */
  constructor(services: readonly string[], streams: readonly Duplex[]) {
    this.#links = new Map(
      services.flatMap((service, index) => {
        const stream = streams[index];
        if (!stream) return [];
        const link = { stream, opened: Promise.withResolvers<void>(), taken: false };
        // Nobody may be waiting when the machine ends.
        link.opened.promise.catch(() => {});
        this.#byPort.set(portId(index), link);
        return [[service.toLowerCase(), link] as const];
      }),
    );
  }

  /** The guest has opened a port: QEMU's VSERPORT_CHANGE. */
  portOpened(id: string): void {
    this.#byPort.get(id)?.opened.resolve();
  }

  /**
   * The stream, once the guest has opened its end. Raises `not-found` for a service that the document does not list,
   * `invalid-state` for one that was taken, `disconnected` when the machine ends first.
   */
  async take(service: string): Promise<Duplex> {
    const link = this.#links.get(service);
    if (!link)
      throw new TswslError("not-found", `the service ${service} is not in the document's ServiceTable`);
    if (link.taken) {
      throw new TswslError("invalid-state", `the service ${service} has given its stream already`);
    }
    link.taken = true;
    await link.opened.promise;
    return link.stream;
  }

  /** The machine is gone: what nobody took is closed; a taken stream may still be read to its end. */
  release(): void {
    const gone = new TswslError("disconnected", "the virtual machine ended before its guest answered");
    for (const { opened, stream, taken } of this.#links.values()) {
      opened.reject(gone);
      if (!taken) stream.destroy();
    }
  }

  destroy(): void {
    for (const { stream } of this.#links.values()) stream.destroy();
  }
}
