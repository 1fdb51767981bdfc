import { dirname, join } from "node:path";
import type { VerbName } from "../arguments/verb-names.ts";
import type { CliProcess } from "../cli.ts";
import { HostProcess } from "../host/host-process.ts";
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
  const host = cli.host ?? new HostProcess({ program: programBeside("daemon.mjs"), env: cli.env });
  return verb.execute(args, { ...cli, host, signal: interruptSignal(cli.events) });
}

/** In the folder of the bundle that runs. */
function programBeside(name: string): string {
  return join(dirname(process.argv[1] ?? ""), name);
}
