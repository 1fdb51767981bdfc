import type { RunRequest } from "../arguments/run-request.ts";
import { nearest } from "../arguments/suggest.ts";
import { verbNames } from "../arguments/verb-names.ts";
import type { CliProcess } from "../cli.ts";
import { warn } from "../output/report-error.ts";

const NOT_FOUND = 127;

/** `tswsl instal` is, as in WSL, a command of the default distribution; when it has none by that name, a verb was meant. */
export function hintAtVerb(cli: Pick<CliProcess, "stderr">, { bareWord }: RunRequest, status: number): void {
  if (status !== NOT_FOUND || bareWord === undefined || cli.stderr.isTTY !== true) return;
  const verb = nearest(bareWord, Object.keys(verbNames));
  if (verb !== undefined) warn(cli.stderr, `did you mean: tswsl ${verb}? See: tswsl --help`);
}
