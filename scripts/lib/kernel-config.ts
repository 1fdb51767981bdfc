/** One line of a kernel config fragment. `value` is undefined for "is not set". */
export interface ConfigLine {
  symbol: string;
  value: string | undefined;
  /** It stands below the heading "Only in some versions", so a source need not know it. */
  optional: boolean;
}

const HEADING = /^# --- (.*?) -+$/;
const OPTIONAL_HEADING = "Only in some versions";
const SET = /^(CONFIG_\w+)=(.*)$/;
const NOT_SET = /^# (CONFIG_\w+) is not set$/;

/** The options that a fragment asks for; a line that is neither an option nor a comment is an error. */
export function parseFragment(text: string): ConfigLine[] {
  const lines: ConfigLine[] = [];
  let optional = false;
  for (const line of text.split("\n")) {
    const heading = HEADING.exec(line);
    if (heading) optional = heading[1] === OPTIONAL_HEADING;
    const set = SET.exec(line);
    const symbol = set?.[1] ?? NOT_SET.exec(line)?.[1];
    if (symbol !== undefined) lines.push({ symbol, value: set?.[2], optional });
    else if (line.trim() !== "" && !line.startsWith("#")) throw new Error(`not a config line: ${line}`);
  }
  return lines;
}

/**
 * What a fragment asked for and a finished .config does not give, one sentence each. Kconfig drops a line silently when
 * a dependency is missing or the name is misspelt, so somebody has to look. `knownSymbols` are those the source defines.
 */
export function unmetLines(
  fragment: readonly ConfigLine[],
  config: string,
  knownSymbols: ReadonlySet<string>,
): string[] {
  const actual = new Map<string, string>();
  for (const line of config.split("\n")) {
    const set = SET.exec(line);
    if (set?.[1] !== undefined && set[2] !== undefined) actual.set(set[1], set[2]);
  }
  return fragment.flatMap(({ symbol, value, optional }) => {
    if (actual.get(symbol) === value) return [];
    const known = knownSymbols.has(symbol);
    if (optional && !known) return [];
    const got =
      actual.get(symbol) ??
      (known ? "not set: something it depends on is missing" : "unknown to this source");
    return [`${symbol} should be ${value ?? "not set"} but is ${got}`];
  });
}
