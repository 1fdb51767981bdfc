import type { Duplex } from "node:stream";
import type { VmpModule } from "../../../native/vmp/native.d.ts";
import { withDeadline } from "../../base/deadline.ts";
import { TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";
import type { ComputeSystemDocument } from "../hcs-types.ts";
import { hvSocketServiceId } from "../hv-socket.ts";
import { dialGuest } from "./dial-guest.ts";
import { HvSocketStream } from "./hv-socket-stream.ts";

export interface GuestStreamsOptions {
  readonly id: string;
  readonly document: ComputeSystemDocument;
  readonly vmp: VmpModule;
}

/** The streams between this process and the services of one guest. */
export class GuestStreams {
  readonly #options: GuestStreamsOptions;
  readonly #services: ReadonlySet<string>;
  readonly #taken = new Set<string>();
  readonly #open = new Set<Duplex>();
  /** Aborted with the machine: nobody dials on. */
  readonly #ended = new AbortController();

  constructor(options: GuestStreamsOptions) {
    this.#options = options;
    const table = options.document.VirtualMachine.Devices.HvSocket?.HvSocketConfig.ServiceTable ?? {};
    this.#services = new Set(Object.keys(table).map((service) => service.toLowerCase()));
  }

  /**
   * The stream to a port, once the guest listens there. Raises `not-found` for a service that the document does not list,
   * `invalid-state` for one with an open stream, `disconnected` when the machine ends first.
   */
  async open(port: number, signal: AbortSignal): Promise<Duplex> {
    const serviceId = this.serviceOf(port);
    if (this.#taken.has(serviceId)) {
      throw new TswslError("invalid-state", `the service ${serviceId} has given its stream already`);
    }
    this.#taken.add(serviceId);
    try {
      const stream = await this.#dial(serviceId, signal);
      this.#open.add(stream);
      stream.once("close", () => {
        this.#open.delete(stream);
        this.#taken.delete(serviceId);
      });
      return stream;
    } catch (error) {
      this.#taken.delete(serviceId);
      throw error;
    }
  }

  /** The service GUID of a port. Raises `not-found` for one that the document does not list. */
  serviceOf(port: number): string {
    const serviceId = hvSocketServiceId(port);
    if (this.#services.has(serviceId)) return serviceId;
    throw new TswslError("not-found", `the service ${serviceId} is not in the document's ServiceTable`);
  }

  /** The machine is gone: who dials hears it; an open stream may still be read to its end. */
  release(): void {
    this.#ended.abort(new TswslError("disconnected", "the virtual machine ended before its guest answered"));
  }

  destroy(): void {
    for (const stream of this.#open) stream.destroy();
  }

  async #dial(serviceId: string, signal: AbortSignal): Promise<Duplex> {
    const deadline = { ms: timeouts.vmBoot, what: "the guest to open its end of the link" };
    const either = AbortSignal.any([signal, this.#ended.signal]);
    const socket = await withDeadline(either, deadline, (limit) =>
      dialGuest(this.#options.vmp, { vmId: this.#options.id, serviceId }, limit),
    );
    return new HvSocketStream(socket);
  }
}
