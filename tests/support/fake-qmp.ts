import { PassThrough } from "node:stream";
import { QmpClient } from "../../src/vm/qemu/qmp.ts";

export interface QmpCommand {
  readonly execute: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly id: number;
}

/** What a fake QEMU does with a command: the messages it answers with, `id` filled in where it is missing. */
export type QmpScript = (command: QmpCommand) => readonly Record<string, unknown>[];

/** QEMU's end of a QMP connection, in memory. */
export class FakeQmp {
  readonly client: QmpClient;
  readonly commands: QmpCommand[] = [];
  readonly #toClient = new PassThrough();

  constructor(script: QmpScript = () => [{ return: {} }]) {
    const fromClient = new PassThrough();
    this.client = new QmpClient({ input: this.#toClient, output: fromClient });
    fromClient.on("data", (line: Buffer) => {
      for (const text of line.toString().trim().split("\n")) this.#serve(text, script);
    });
  }

  say(message: Record<string, unknown>): void {
    this.#toClient.write(`${JSON.stringify(message)}\n`);
  }

  sayRaw(text: string): void {
    this.#toClient.write(text);
  }

  end(): void {
    this.#toClient.end();
  }

  #serve(text: string, script: QmpScript): void {
    // The client writes one command per line.
    const command = JSON.parse(text) as QmpCommand;
    this.commands.push(command);
    for (const message of script(command)) {
      this.say("event" in message ? message : { id: command.id, ...message });
    }
  }
}
