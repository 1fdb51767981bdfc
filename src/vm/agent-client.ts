import type { Duplex } from "node:stream";
import { type Deadline, throwIfAborted } from "../base/deadline.ts";
import { TswslError } from "../base/errors.ts";
import type { Params, Result } from "../protocol/contract.ts";
import { encodeJsonFrame, FrameType, MAX_JSON_BYTES } from "../protocol/frames.ts";
import { DistroExited, guestContract, type GuestStreamHeader } from "../protocol/guest.ts";
import { type ContractClient, contractClient, RpcConnection } from "../protocol/rpc.ts";
import { YamuxSession } from "../protocol/yamux/session.ts";
import { agentDeadline } from "./agent-deadlines.ts";

type GuestContract = typeof guestContract;
type GuestMethod = keyof GuestContract;
type DistroExitedCallback = (exited: DistroExited) => void;

export interface AgentCallOptions {
  readonly signal: AbortSignal;
  /** Milliseconds, or with words of its own; a suitable one for the method when absent. */
  readonly deadline?: number | Deadline | undefined;
}

/**
 * The host's end of the link to the agent: control calls, and streams for commands and archives. The guest is hostile:
 * what it sends is bounded and validated, streams it opens are refused, and a violation ends the link.
 */
export class AgentClient {
  /** Resolves once, when the link is over: with the reason, or undefined after {@link close}. Never rejects. */
  readonly closed: Promise<TswslError | undefined>;
  readonly #session: YamuxSession;
  readonly #connection: RpcConnection;
  readonly #contract: ContractClient<GuestContract>;
  readonly #onDistroExited = new Set<DistroExitedCallback>();

  private constructor(session: YamuxSession, connection: RpcConnection) {
    this.#session = session;
    this.#connection = connection;
    this.#contract = contractClient(connection, guestContract);
    connection.onNotification("distro.exited", DistroExited, (exited) => {
      for (const callback of this.#onDistroExited) callback(exited);
    });
    // Without control the other streams are of no use.
    this.closed = connection.closed.then(async (lost) => {
      const ended = await session.close();
      return lost ?? ended;
    });
  }

  /**
   * Takes over the link. It does not wait for the agent, which may come up later than the link exists: call
   * `agent.hello` next, it is answered when the agent is there. What is written before is kept, not dropped: QEMU's
   * virtserialport takes nothing from its socket until the guest has opened the port (hw/char/virtio-console.c,
   * `chr_can_read`), so it waits in the socket's buffer; HvSocket connects only to a listener.
   */
  static async connect(link: Duplex, signal: AbortSignal): Promise<AgentClient> {
    throwIfAborted(signal);
    const session = new YamuxSession(link, { role: "client" });
    const control = openWithHeader(session, { kind: "control" });
    return new AgentClient(session, new RpcConnection(control));
  }

  /**
   * Calls a method of the agent. Rejects with the agent's error, `timeout`, `cancelled`, `disconnected`, or `protocol`
   * for an answer that does not fit the contract.
   */
  async call<M extends GuestMethod>(
    method: M,
    params: Params<GuestContract[M]>,
    { signal, deadline = agentDeadline(method) }: AgentCallOptions,
  ): Promise<Result<GuestContract[M]>> {
    return await this.#contract.call(method, params, { signal, deadline: inWords(method, deadline) });
  }

  /**
   * Opens a stream and sends its header; what follows are frames. The agent's refusal arrives as an error frame.
   * Raises `disconnected`, or `unavailable` when too many streams are open.
   */
  async openStream(header: GuestStreamHeader, signal: AbortSignal): Promise<Duplex> {
    throwIfAborted(signal);
    return openWithHeader(this.#session, header);
  }

  /** Calls back for each distro whose init has ended, for as long as the link lives. */
  onDistroExited(callback: DistroExitedCallback): void {
    this.#onDistroExited.add(callback);
  }

  /** Milliseconds to the agent's yamux and back: proves that the agent's loop turns. */
  async ping(signal: AbortSignal): Promise<number> {
    return await this.#session.ping(signal);
  }

  /** Ends the link: calls and streams fail with `disconnected`. Idempotent; {@link closed} tells when it is done. */
  close(): void {
    this.#connection.close();
    void this.#session.close();
  }
}

function inWords(method: GuestMethod, deadline: number | Deadline): Deadline {
  if (typeof deadline !== "number") return deadline;
  const hint = "If it does not recover: tswsl shutdown --force";
  return { ms: deadline, what: `the virtual machine to answer '${method}'`, hint };
}

function openWithHeader(session: YamuxSession, header: GuestStreamHeader): Duplex {
  const frame = encodeJsonFrame(FrameType.header, header);
  if (frame.length > MAX_JSON_BYTES) {
    throw new TswslError("invalid-argument", "the command's arguments and environment exceed 1 MiB", {
      hint: "Pass large input through standard input or a file.",
    });
  }
  const stream = session.open();
  stream.write(frame);
  return stream;
}
