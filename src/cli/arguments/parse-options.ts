import { longName, type OptionSpec, type OptionTable, type OptionValues } from "./option-table.ts";
import { nearest } from "./suggest.ts";
import { seeHelp, usageError } from "./usage-error.ts";

export interface ParsedOptions<T extends OptionTable> {
  readonly values: OptionValues<T>;
  readonly positionals: readonly string[];
}

/**
 * Parses a verb's arguments against its table, getopt's way: `--name value`, `--name=value`, `-n value`, flags in a
 * cluster (`-vq`), `--` ends the options, a lone `-` is a positional. Raises `invalid-argument` with the page that explains.
 */
export function parseOptions<T extends OptionTable>(
  table: T,
  args: readonly string[],
  verb: string,
): ParsedOptions<T> {
  const state = new OptionReader(table, verb);
  const positionals: string[] = [];
  const rest = [...args];
  for (let token = rest.shift(); token !== undefined; token = rest.shift()) {
    if (token === "--") positionals.push(...rest.splice(0));
    else if (token === "-" || !token.startsWith("-")) positionals.push(token);
    else state.take(token, rest);
  }
  // The reader has filled exactly the keys of the table, with the kind of value that each one declares.
  return { values: state.values() as OptionValues<T>, positionals };
}

class OptionReader {
  readonly #table: OptionTable;
  readonly #verb: string;
  readonly #values = new Map<string, string | boolean>();

  constructor(table: OptionTable, verb: string) {
    this.#table = table;
    this.#verb = verb;
  }

  take(token: string, rest: string[]): void {
    if (/^-[A-Za-z]{2,}$/.test(token)) return this.#takeCluster(token);
    const [name, attached] = splitAttached(token);
    const [key, spec] = this.#find(name);
    if (spec.value === undefined) {
      if (attached !== undefined) throw this.#error(`option '${name}' takes no value`);
      return this.#set(key, spec, true);
    }
    const value = attached ?? rest.shift();
    if (value === undefined) throw this.#error(`option '${name}' needs a value (${spec.value})`);
    this.#set(key, spec, value);
  }

  values(): Record<string, string | boolean | undefined> {
    return Object.fromEntries(
      Object.entries(this.#table).map(([key, spec]) => [
        key,
        this.#values.get(key) ?? (spec.value === undefined ? false : undefined),
      ]),
    );
  }

  #takeCluster(token: string): void {
    for (const letter of token.slice(1)) {
      const [key, spec] = this.#find(`-${letter}`, token);
      if (spec.value !== undefined) throw this.#error(`option '-${letter}' needs a value (${spec.value})`);
      this.#set(key, spec, true);
    }
  }

  #set(key: string, spec: OptionSpec, value: string | boolean): void {
    if (typeof value === "string" && this.#values.has(key)) {
      throw this.#error(`option '${longName(spec)}' was given twice`);
    }
    this.#values.set(key, value);
  }

  #find(name: string, typed = name): [string, OptionSpec] {
    const found = Object.entries(this.#table).find(([, spec]) => spec.names.includes(name));
    if (found !== undefined) return found;
    const known = Object.values(this.#table).flatMap((spec) => spec.names);
    const near = typed === name ? nearest(name, known) : undefined;
    throw usageError(
      `unknown option '${typed}' for 'tswsl ${this.#verb}'`,
      near === undefined ? seeHelp(this.#verb) : `Did you mean '${near}'? ${seeHelp(this.#verb)}`,
    );
  }

  #error(message: string): Error {
    return usageError(message, seeHelp(this.#verb));
  }
}

/** `--name=value` in two; only long options are written so. */
export function splitAttached(token: string): [string, string | undefined] {
  const equals = token.startsWith("--") ? token.indexOf("=") : -1;
  return equals < 0 ? [token, undefined] : [token.slice(0, equals), token.slice(equals + 1)];
}
