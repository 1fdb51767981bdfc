import type { Duplex } from "node:stream";
import type { CallOptions, DaemonClient, DaemonMethod, DaemonParams, DaemonResult } from "./daemon-client.ts";
import { connectRunning } from "./connect-running.ts";
import type { ControlConnection } from "./control-connection.ts";
import type { DaemonPlace } from "./daemon-place.ts";

/** The daemon of this user, started when first needed. The control connection is shared by all calls. */
export class DaemonConnection implements DaemonClient {
  readonly #place: DaemonPlace;
  #control: Promise<ControlConnection> | undefined;

  constructor(place: DaemonPlace) {
    this.#place = place;
  }

  async call<M extends DaemonMethod>(
    method: M,
    params: DaemonParams<M>,
    options: CallOptions,
  ): Promise<DaemonResult<M>> {
    this.#control ??= this.#openControl(options.signal);
    return (await this.#control).call(method, params, options);
  }

  async isRunning(signal: AbortSignal): Promise<boolean> {
    const socket = await connectRunning(this.#place, signal);
    socket?.destroy();
    return socket !== undefined;
  }

  async connect(signal: AbortSignal): Promise<Duplex> {
    const socket = await connectRunning(this.#place, signal);
    if (socket !== undefined) return socket;
    const { connectStarting } = await import("./connect-starting.ts");
    return connectStarting(this.#place, signal);
  }

  async waitForEnd(signal: AbortSignal): Promise<void> {
    const { waitForDaemonEnd } = await import("./wait-for-daemon-end.ts");
    await waitForDaemonEnd(this.#place, signal);
  }

  async close(): Promise<void> {
    const control = await this.#control?.catch(() => undefined);
    control?.close();
  }

  /** JSON-RPC and its validators are loaded here, so that running a command does without them. */
  async #openControl(signal: AbortSignal): Promise<ControlConnection> {
    const { openControl } = await import("./control-connection.ts");
    return openControl(await this.connect(signal));
  }
}
