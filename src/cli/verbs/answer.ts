import type { Cli } from "../cli.ts";
import { printJson, printLine } from "../output/print.ts";

/** What a verb that changes something says when it is done. */
export interface Deed {
  /** `{"result": …}`: one word, past tense, stable. */
  readonly result: string;
  readonly name?: string;
  readonly text: string;
}

export function answer(cli: Cli, json: boolean, { result, name, text }: Deed): void {
  if (json) printJson(cli, { result, ...(name === undefined ? {} : { name }) });
  else printLine(cli, text);
}
