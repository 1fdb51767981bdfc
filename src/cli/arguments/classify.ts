import { type Caller, parseRun } from "./parse-run.ts";
import type { RunRequest } from "./run-request.ts";
import { verbFor, type VerbName } from "./verb-names.ts";

/** What a command line asks for: a command in a distro, or a verb with arguments that the verb itself parses. */
export type Invocation =
  | { readonly kind: "run"; readonly request: RunRequest }
  | { readonly kind: "verb"; readonly verb: VerbName; readonly args: readonly string[] };

/** True when the first argument names a verb. Everything else is, as with WSL, for the default distro. */
export function isVerb(args: readonly string[]): boolean {
  return args[0] !== undefined && verbFor(args[0]) !== undefined;
}

/** Only the first argument can name a verb: after an option for running, or `--`, a verb's name is a command's. */
export function classify(args: readonly string[], caller?: Caller): Invocation {
  const verb = args[0] === undefined ? undefined : verbFor(args[0]);
  if (verb !== undefined) return { kind: "verb", verb, args: args.slice(1) };
  return { kind: "run", request: parseRun(args, caller) };
}
