import type { IniKey } from "./keys.ts";
import { parseIni } from "./parse.ts";

/** The sections and keys that a file may hold. */
export type IniTable = Readonly<Record<string, Readonly<Record<string, IniKey<unknown>>>>>;

/** The values of a table: `values.boot.systemd` is a boolean. */
export type IniValues<T extends IniTable> = {
  readonly [S in keyof T]: { readonly [K in keyof T[S]]: T[S][K] extends IniKey<infer V> ? V : never };
};

export interface IniResult<T extends IniTable> {
  readonly values: IniValues<T>;
  readonly warnings: readonly string[];
}

/** A file full of nonsense must not fill the user's screen. */
const MAX_WARNINGS = 50;
const MAX_SHOWN_NAME = 80;

interface Seen {
  readonly name: string;
  readonly line: number;
}

/**
 * Reads a file by its table. Names match in any case; the first occurrence of a key wins, even when its value is
 * bad (then the default stands); the rest is told in `warnings`, as `… in FILE:LINE`.
 */
export function readIni<T extends IniTable>(table: T, source: { text: string; file: string }): IniResult<T> {
  const { entries, warnings: syntax } = parseIni(source.text, source.file);
  const keys = indexKeys(table);
  const values = defaultsOf(table);
  const seen = new Map<string, Seen>();
  const warnings = [...syntax];
  for (const { name: written, value, line } of entries) {
    const name = written.slice(0, MAX_SHOWN_NAME);
    const place = `in ${source.file}:${line}`;
    const known = keys.get(name.toLowerCase());
    const earlier = seen.get(name.toLowerCase());
    if (!known) warnings.push(`Unknown key '${name}' ${place}`);
    else if (earlier) {
      const conflict = `Conflicting key: '${earlier.name}' in ${source.file}:${earlier.line}`;
      warnings.push(`Duplicated config key '${name}' ${place} (${conflict})`);
    } else {
      seen.set(name.toLowerCase(), { name, line });
      const parsed = known.key.parse(value, name);
      if ("value" in parsed) known.store(values, parsed.value);
      else warnings.push(`${parsed.warning} ${place}`);
    }
  }
  // defaultsOf has filled every key of the table, and each key's own parser made the values put in their place.
  return { values: values as IniValues<T>, warnings: warnings.slice(0, MAX_WARNINGS) };
}

type Values = Record<string, Record<string, unknown>>;

interface KnownKey {
  readonly key: IniKey<unknown>;
  readonly store: (values: Values, value: unknown) => void;
}

function indexKeys(table: IniTable): Map<string, KnownKey> {
  const index = new Map<string, KnownKey>();
  for (const [section, keys] of Object.entries(table)) {
    for (const [name, key] of Object.entries(keys)) {
      const store = (values: Values, value: unknown): void => {
        values[section] = { ...values[section], [name]: value };
      };
      index.set(`${section}.${name}`.toLowerCase(), { key, store });
    }
  }
  return index;
}

function defaultsOf(table: IniTable): Values {
  const values: Values = {};
  for (const [section, keys] of Object.entries(table)) {
    values[section] = Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, key.fallback]));
  }
  return values;
}
