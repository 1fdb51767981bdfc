import { sameName } from "../../base/names.ts";
import { splitAttached } from "./parse-options.ts";
import type { RunRequest } from "./run-request.ts";
import { shellLine } from "./shell-quote.ts";
import { nearest } from "./suggest.ts";
import { seeHelp, usageError } from "./usage-error.ts";
import { verbSpellings } from "./verb-names.ts";
import { type GuestPlace, startingPlaceOf } from "./windows-path.ts";

type ShellType = RunRequest["shell"];

interface RunOptions {
  distro?: string;
  user?: string;
  cwd?: string;
  shell?: ShellType;
  /** Where the caller is, on Windows. */
  here?: string | undefined;
}

/** What the command line alone does not tell. */
export interface Caller {
  /** The caller's home directory: a first word equal to it is a `~` that the caller's shell has expanded. */
  readonly home?: string | undefined;
  /** The caller's working directory, on Windows. */
  readonly windowsDirectory?: string | undefined;
}

const shellTypes: readonly ShellType[] = ["standard", "login", "none"];

type ValuedOption = "distro" | "user" | "cwd" | "shell";

const valued: Readonly<Record<string, { readonly key: ValuedOption; readonly placeholder: string }>> = {
  "-d": { key: "distro", placeholder: "NAME" },
  "--distribution": { key: "distro", placeholder: "NAME" },
  "-u": { key: "user", placeholder: "USER" },
  "--user": { key: "user", placeholder: "USER" },
  "--cd": { key: "cwd", placeholder: "DIR" },
  "--shell-type": { key: "shell", placeholder: "standard, login or none" },
};

/**
 * `[~] [OPTIONS] [--] [COMMAND…]`. The first word that is no option begins the command and everything after it
 * belongs to it. How words become a command is explained at {@link commandLine}.
 *
 * On Windows the command starts where the caller is, as far as the distribution can see that.
 */
export function parseRun(args: readonly string[], caller: Caller = {}): RunRequest {
  const { home } = caller;
  const options: RunOptions = { here: caller.windowsDirectory };
  const rest = [...args];
  if (rest[0] === "~" || (home !== undefined && rest[0] === home)) {
    rest.shift();
    options.cwd = "~";
  }
  while (rest[0]?.startsWith("-") === true && rest[0] !== "-") {
    const token = rest.shift();
    if (token === undefined || token === "--") break;
    if (token === "-e" || token === "--exec")
      return finish({ ...options, shell: "none" }, withoutDashes(rest), args);
    takeOption(options, token, rest);
  }
  return finish(options, rest, args);
}

function takeOption(options: RunOptions, token: string, rest: string[]): void {
  const [name, attached] = splitAttached(token);
  const spec = valued[name];
  if (spec === undefined) throw unknownOption(name);
  const value = attached ?? rest.shift();
  if (value === undefined || value === "") {
    throw usageError(`option '${name}' needs a value (${spec.placeholder})`, seeHelp());
  }
  if (options[spec.key] !== undefined && spec.key !== "cwd") {
    throw usageError(`option '${name}' was given twice`, seeHelp());
  }
  if (spec.key === "shell") options.shell = shellType(value);
  else if (spec.key === "cwd") options.cwd = value;
  else options[spec.key] = value;
}

function finish(options: RunOptions, words: readonly string[], args: readonly string[]): RunRequest {
  const shell = options.shell ?? (words.length === 0 ? "login" : "standard");
  if (shell === "none" && words.length === 0) {
    throw usageError("there is no command to execute", "For example: tswsl -e uname -a");
  }
  const { distro, path } = startingPlace(options);
  return {
    distro: options.distro ?? distro,
    user: options.user,
    cwd: path,
    shell,
    argv: shell === "none" ? words : commandLine(words),
    bareWord: words.length > 0 && words[0] === args[0] ? words[0] : undefined,
  };
}

/**
 * One word is a shell line as it stands, so that `tswsl 'echo $HOME | wc -c'` works; several words reach the command
 * exactly as they were typed here, so that `tswsl -- sh -c 'exit 37'` works.
 */
function commandLine(words: readonly string[]): readonly string[] {
  if (words.length <= 1) return words;
  return [shellLine(words)];
}

function withoutDashes(words: readonly string[]): readonly string[] {
  return words[0] === "--" ? words.slice(1) : words;
}

function shellType(value: string): ShellType {
  const found = shellTypes.find((type) => type === value);
  if (found !== undefined) return found;
  throw usageError(`'${value}' is not a shell type`, "Use --shell-type standard, login or none.");
}

/** `--cd`, else where the caller is, else the home directory: also where the caller is in another distribution. */
function startingPlace({ cwd, here, distro }: RunOptions): GuestPlace {
  if (cwd === undefined) {
    const place = here === undefined ? undefined : startingPlaceOf(here);
    return place !== undefined && isIn(place, distro) ? place : { path: "~" };
  }
  if (cwd.startsWith("/") || cwd === "~" || cwd.startsWith("~/")) return { path: cwd };
  const place = startingPlaceOf(cwd);
  if (place !== undefined && isIn(place, distro)) return place;
  throw usageError(
    `'${cwd}' is not a directory of the distribution`,
    "Use an absolute path such as /etc, or '~'.",
  );
}

function isIn(place: GuestPlace, distro: string | undefined): boolean {
  return place.distro === undefined || distro === undefined || sameName(place.distro, distro);
}

function unknownOption(name: string): Error {
  const known = [
    ...Object.keys(valued),
    "--exec",
    "--help",
    ...verbSpellings().filter((verb) => verb.startsWith("--")),
  ];
  const near = nearest(name, known);
  return usageError(
    `unknown option '${name}'`,
    near === undefined ? seeHelp() : `Did you mean '${near}'? ${seeHelp()}`,
  );
}
