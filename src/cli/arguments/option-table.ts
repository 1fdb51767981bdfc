/** One option of a command line, as it is parsed and as it is explained. */
export interface OptionSpec {
  /** Every spelling, the one shown in help last: `["-q", "--quiet"]`. */
  readonly names: readonly string[];
  /** Placeholder of its value in help; an option without one is a flag. */
  readonly value?: string;
  readonly text: string;
}

export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** What a table parses to: a string for an option with a value, a boolean for a flag. */
export type OptionValues<T extends OptionTable> = {
  readonly [K in keyof T]: T[K] extends { readonly value: string } ? string | undefined : boolean;
};

/** Said by every verb. */
export const jsonOption = {
  names: ["--json"],
  text: "Print one JSON document, the same in every version.",
} as const;

/** The spelling that is unambiguous in a message. */
export function longName(spec: OptionSpec): string {
  return spec.names.at(-1) ?? "";
}
