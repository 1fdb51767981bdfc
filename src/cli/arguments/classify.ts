import { type Caller, parseRun } from "./parse-run.ts";
import type { RunRequest } from "./run-request.ts";
import { isDistroPlace } from "./file-place.ts";
import { isSharedName, verbFor, type VerbName } from "./verb-names.ts";

/** What a command line asks for: a command in a distro, or a verb with arguments that the verb itself parses. */
export type Invocation =
  | { readonly kind: "run"; readonly request: RunRequest }
  | { readonly kind: "verb"; readonly verb: VerbName; readonly args: readonly string[] };

/** True when the arguments ask for a verb. Everything else is, as with WSL, for the default distro. */
export function isVerb(args: readonly string[]): boolean {
  return verbOf(args) !== undefined;
}

/** Only the first argument can name a verb: after an option for running, or `--`, a verb's name is a command's. */
export function classify(args: readonly string[], caller?: Caller): Invocation {
  const verb = verbOf(args);
  if (verb !== undefined) return { kind: "verb", verb, args: args.slice(1) };
  return { kind: "run", request: parseRun(args, caller) };
}

/** `tswsl ls -l /srv` runs the distro's own ls; `tswsl ls -l debian:/srv` is for us. */
function verbOf([first, ...rest]: readonly string[]): VerbName | undefined {
  const verb = first === undefined ? undefined : verbFor(first);
  if (verb === undefined || !isSharedName(verb)) return verb;
  const windows = process.platform === "win32";
  return rest.some((argument) => !argument.startsWith("-") && isDistroPlace(argument, windows))
    ? verb
    : undefined;
}
