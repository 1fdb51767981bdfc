import { createInterface } from "node:readline/promises";
import { TswslError } from "../../base/errors.ts";
import type { Cli } from "../cli.ts";

/** One line typed at the terminal. The question goes to standard error: standard output is for answers. */
export async function askLine(cli: Cli, question: string): Promise<string> {
  const reader = createInterface({ input: cli.stdin, output: cli.stderr, terminal: false });
  // readline waits for ever when the input ends without a line.
  const { promise: ended, reject } = Promise.withResolvers<never>();
  reader.once("close", () => reject(new TswslError("cancelled", "the question was not answered")));
  try {
    return await Promise.race([reader.question(question, { signal: cli.signal }), ended]);
  } catch (error) {
    throw cli.signal.aborted
      ? new TswslError("cancelled", "the question was not answered", { cause: error })
      : error;
  } finally {
    reader.close();
  }
}
