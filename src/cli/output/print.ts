import type { Cli } from "../cli.ts";
import { printable } from "./printable.ts";

type WithOutput = Pick<Cli, "stdout">;

/** A line of a verb's answer, made safe for a terminal. */
export function printLine(cli: WithOutput, text: string): void {
  cli.stdout.write(`${printable(text)}\n`);
}

/** A verb's answer as one JSON document. ASCII controls are escaped by JSON itself, those above ASCII here. */
export function printJson(cli: WithOutput, value: unknown): void {
  cli.stdout.write(`${jsonText(value)}\n`);
}

export function jsonText(value: unknown, indent: number | undefined = 2): string {
  return JSON.stringify(value, undefined, indent).replaceAll(
    /[\u007f-\u009f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
