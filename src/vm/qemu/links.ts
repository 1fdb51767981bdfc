import type { Duplex } from "node:stream";
import { TswslError } from "../../base/errors.ts";

/**
 * The services' streams of one machine. QEMU holds the other ends from its start to its end, so each can be taken
 * once: a closed stream is closed for the guest too, and does not come back.
 */
export class ServiceLinks {
  readonly #streams: ReadonlyMap<string, Duplex>;
  readonly #taken = new Set<string>();

  /** `streams` are in the order of `services`. */
  constructor(services: readonly string[], streams: readonly Duplex[]) {
    this.#streams = new Map(
      services.flatMap((service, index) => {
        const stream = streams[index];
        return stream ? [[service.toLowerCase(), stream] as const] : [];
      }),
    );
  }

  /** Raises `not-found` for a service that the document does not list, `invalid-state` for one that was taken. */
  take(service: string): Duplex {
    const stream = this.#streams.get(service);
    if (!stream)
      throw new TswslError("not-found", `the service ${service} is not in the document's ServiceTable`);
    if (this.#taken.has(service)) {
      throw new TswslError("invalid-state", `the service ${service} has given its stream already`);
    }
    this.#taken.add(service);
    return stream;
  }

  /** The machine is gone: what nobody took is closed; a taken stream may still be read to its end. */
  release(): void {
    for (const [service, stream] of this.#streams) if (!this.#taken.has(service)) stream.destroy();
  }

  destroy(): void {
    for (const stream of this.#streams.values()) stream.destroy();
  }
}
