import type { OptionTable, OptionValues } from "../arguments/option-table.ts";
import { parseOptions } from "../arguments/parse-options.ts";
import { seeHelp, usageError } from "../arguments/usage-error.ts";
import type { Cli } from "../cli.ts";

/** A verb: how it is explained, how its arguments become a command, and what the command does. */
export interface VerbDefinition<O extends OptionTable, C> {
  readonly name: string;
  readonly synopsis: readonly string[];
  /** A paragraph for its help page. */
  readonly about: string;
  /** Placeholders in order; in brackets when it may be absent; the last one with `…` when there may be more. */
  readonly positionals: readonly string[];
  readonly options: O;
  /** Command line and what it does. */
  readonly examples: readonly (readonly [string, string])[];
  parse(values: OptionValues<O>, positionals: readonly string[]): C;
  /** Does it and prints the answer; failures are thrown. A number is the exit status of an answer that is no plain yes. */
  run(command: C, cli: Cli): Promise<number | void>;
}

/** A definition with its types folded away, as the table of verbs holds it. */
export interface Verb<C = unknown> {
  readonly name: string;
  readonly synopsis: readonly string[];
  readonly about: string;
  readonly options: OptionTable;
  readonly examples: readonly (readonly [string, string])[];
  /** The command that these arguments mean. Raises `invalid-argument`. */
  parse(args: readonly string[]): C;
  /** {@link Verb.parse}, then run; the exit status. */
  execute(args: readonly string[], cli: Cli): Promise<number>;
}

export function defineVerb<O extends OptionTable, C>(definition: VerbDefinition<O, C>): Verb<C> {
  const parse = (args: readonly string[]): C => {
    const { values, positionals } = parseOptions(definition.options, args, definition.name);
    checkPositionals(definition, positionals);
    return definition.parse(values, positionals);
  };
  const { name, synopsis, about, options, examples } = definition;
  const execute = async (args: readonly string[], cli: Cli): Promise<number> =>
    (await definition.run(parse(args), cli)) ?? 0;
  return { name, synopsis, about, options, examples, parse, execute };
}

interface WithPositionals {
  readonly name: string;
  readonly positionals: readonly string[];
}

function checkPositionals({ name, positionals }: WithPositionals, given: readonly string[]): void {
  const missing = positionals.find(
    (placeholder, index) => !placeholder.startsWith("[") && given[index] === undefined,
  );
  if (missing !== undefined) throw usageError(`'tswsl ${name}' needs ${missing}`, seeHelp(name));
  const extra = positionals.at(-1)?.includes("…") === true ? undefined : given[positionals.length];
  if (extra !== undefined)
    throw usageError(`unexpected argument '${extra}' for 'tswsl ${name}'`, seeHelp(name));
}
