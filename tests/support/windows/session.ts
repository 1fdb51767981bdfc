import type { Socket } from "node:net";
import { Operation } from "./operation.ts";
import { encodeMessage, type Message } from "./wire.ts";

/** Strings that a library gave to its process, and how they were freed. */
export interface StringCounts {
  given: number;
  LocalFree: number;
  CoTaskMemFree: number;
}

/** One process's connection: its handles, and what it has not released. The lifeline of its machines. */
export class Session {
  readonly role: string;
  readonly strings: StringCounts = { given: 0, LocalFree: 0, CoTaskMemFree: 0 };
  readonly operations = new Map<number, Operation>();
  /** Handles of systems, networks and endpoints that are open. */
  readonly handles = new Set<number>();
  readonly #socket: Socket;
  readonly #gone: (() => void)[] = [];

  constructor(role: string, socket: Socket) {
    this.role = role;
    this.#socket = socket;
    socket.on("close", () => {
      for (const handler of this.#gone.splice(0)) handler();
    });
  }

  send(message: Message): void {
    if (this.#socket.writable) this.#socket.write(encodeMessage(message));
  }

  /** Called once, when the process is gone. */
  whenGone(handler: () => void): void {
    this.#gone.push(handler);
  }

  /** What it holds at this moment; all zeros when it has released everything. */
  held = (): { handles: number; operations: number; strings: number } => {
    const { given, LocalFree, CoTaskMemFree } = this.strings;
    return {
      handles: this.handles.size,
      operations: this.operations.size,
      strings: given - LocalFree - CoTaskMemFree,
    };
  };

  /** As when the service's process is killed. */
  sever(): void {
    this.#socket.resetAndDestroy();
  }
}
