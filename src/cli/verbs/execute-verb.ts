import type { VerbName } from "../arguments/verb-names.ts";
import type { CliProcess } from "../cli.ts";
import { interruptSignal } from "../interrupt-signal.ts";
import { printLine } from "../output/print.ts";
import { verbPage } from "./help-page.ts";
import { loadVerb } from "./load-verb.ts";

const helpOptions: ReadonlySet<string> = new Set(["--help", "-h", "-?"]);

/** Runs a verb, or explains it when `--help` is among its arguments. Its exit status. */
export async function executeVerb(name: VerbName, args: readonly string[], cli: CliProcess): Promise<number> {
  const verb = await loadVerb(name);
  const ended = args.indexOf("--");
  const options = ended < 0 ? args : args.slice(0, ended);
  if (options.some((option) => helpOptions.has(option))) {
    printLine(cli, verbPage(verb));
    return 0;
  }
  return verb.execute(args, { ...cli, signal: interruptSignal(cli.events) });
}
