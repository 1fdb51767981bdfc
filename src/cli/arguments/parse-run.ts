import { splitAttached } from "./parse-options.ts";
import type { RunRequest } from "./run-request.ts";
import { shellLine } from "./shell-quote.ts";
import { nearest } from "./suggest.ts";
import { seeHelp, usageError } from "./usage-error.ts";
import { verbSpellings } from "./verb-names.ts";

type ShellType = RunRequest["shell"];

interface RunOptions {
  distro?: string;
  user?: string;
  cwd?: string;
  shell?: ShellType;
}

const shellTypes: readonly ShellType[] = ["standard", "login", "none"];

const valued: Readonly<Record<string, { readonly key: keyof RunOptions; readonly placeholder: string }>> = {
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
 * @param home the caller's home directory: a first word equal to it is a `~` that the caller's shell has expanded.
 */
export function parseRun(args: readonly string[], home?: string): RunRequest {
  const options: RunOptions = {};
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
  else if (spec.key === "cwd") options.cwd = directory(value);
  else options[spec.key] = value;
}

function finish(options: RunOptions, words: readonly string[], args: readonly string[]): RunRequest {
  const shell = options.shell ?? (words.length === 0 ? "login" : "standard");
  if (shell === "none" && words.length === 0) {
    throw usageError("there is no command to execute", "For example: tswsl -e uname -a");
  }
  return {
    distro: options.distro,
    user: options.user,
    cwd: options.cwd ?? "~",
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

function directory(value: string): string {
  if (value.startsWith("/") || value === "~" || value.startsWith("~/")) return value;
  throw usageError(
    `'${value}' is not a directory of the distribution`,
    "Use an absolute path such as /etc, or '~'.",
  );
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
