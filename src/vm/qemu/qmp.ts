import type { Readable, Writable } from "node:stream";
import { withDeadline } from "../../base/deadline.ts";
import { asTswslError, TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";
import { encodeQmpCommand, QmpDecoder, type QmpEvent, type QmpMessage } from "./qmp-codec.ts";

export interface QmpStreams {
  /** What QEMU says. */
  readonly input: Readable;
  /** What QEMU is told. */
  readonly output: Writable;
}

interface Waiter {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: TswslError) => void;
}

type EventHandler = (event: QmpEvent) => void;

/** QEMU Machine Protocol client: one connection, any number of overlapping commands, events to all listeners. */
export class QmpClient {
  readonly #output: Writable;
  readonly #decoder = new QmpDecoder();
  readonly #waiters = new Map<number, Waiter>();
  readonly #handlers = new Set<EventHandler>();
  readonly #greeting = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<void>();
  #nextId = 1;
  #failure: TswslError | undefined;

  constructor({ input, output }: QmpStreams) {
    this.#output = output;
    // Nobody may be waiting for the greeting when the stream fails.
    this.#greeting.promise.catch(() => {});
    input.on("data", (chunk: Buffer) => this.#receive(chunk));
    input.on("end", () => this.#fail(new TswslError("disconnected", "QEMU closed its control channel")));
    input.on("error", (error) => this.#fail(channelError(error)));
    // A command written to a QEMU that has just died: the end of the input says so too.
    output.on("error", (error) => this.#fail(channelError(error)));
  }

  /** Resolves when nothing more will come, failed or not. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Waits for the greeting and leaves the negotiation mode. To be called once, before any command. */
  async open(signal: AbortSignal): Promise<void> {
    await withDeadline(signal, { ms: timeouts.qmpCall, what: "QEMU to start" }, () => this.#greeting.promise);
    await this.execute("qmp_capabilities", {}, signal);
  }

  /**
   * Runs a command and resolves with its `return`. Raises `internal` with QEMU's text for an error, `disconnected`
   * when QEMU goes away, `timeout` after {@link timeouts.qmpCall}.
   */
  async execute(
    command: string,
    args: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<unknown> {
    if (this.#failure) throw this.#failure;
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiters.set(id, { resolve, reject });
    try {
      return await withDeadline(signal, { ms: timeouts.qmpCall, what: `QEMU to answer ${command}` }, () => {
        this.#output.write(encodeQmpCommand(id, command, args));
        return promise;
      });
    } finally {
      // An answer that comes after the deadline finds no waiter and is dropped.
      this.#waiters.delete(id);
    }
  }

  /** Calls `handler` for every event until the returned function is called. */
  onEvent(handler: EventHandler): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  #receive(chunk: Buffer): void {
    if (this.#failure) return;
    try {
      for (const message of this.#decoder.push(chunk)) this.#dispatch(message);
    } catch (error) {
      this.#fail(asTswslError(error));
    }
  }

  #dispatch(message: QmpMessage): void {
    switch (message.kind) {
      case "greeting":
        this.#greeting.resolve();
        break;
      case "event":
        for (const handler of this.#handlers) handler(message);
        break;
      case "return":
        this.#waiters.get(message.id ?? 0)?.resolve(message.value);
        break;
      case "error":
        this.#waiters.get(message.id ?? 0)?.reject(commandError(message.class, message.description));
        break;
    }
  }

  #fail(error: TswslError): void {
    this.#failure ??= error;
    this.#greeting.reject(this.#failure);
    for (const waiter of this.#waiters.values()) waiter.reject(this.#failure);
    this.#ended.resolve();
  }
}

function commandError(errorClass: string, description: string): TswslError {
  return new TswslError("internal", `QEMU refused: ${description}`, { details: { class: errorClass } });
}

function channelError(cause: Error): TswslError {
  return new TswslError("disconnected", `QEMU's control channel failed: ${cause.message}`, { cause });
}
