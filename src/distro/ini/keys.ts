/** How the text of one key is understood. */
export interface IniKey<T> {
  readonly fallback: T;
  /** The value, or the text of a warning; `name` is `section.key` as written. */
  readonly parse: (text: string, name: string) => Parsed<T>;
}

type Parsed<T> = { readonly value: T } | { readonly warning: string };

const booleans: ReadonlyMap<string, boolean> = new Map([
  ["1", true],
  ["true", true],
  ["0", false],
  ["false", false],
]);

/** `1`, `0`, `true`, `false` in any case. */
export function flag(fallback: boolean): IniKey<boolean> {
  return {
    fallback,
    parse: (text, name) => {
      const value = booleans.get(text.toLowerCase());
      if (value !== undefined) return { value };
      return { warning: `Invalid boolean value '${clean(text)}' for config key '${name}'` };
    },
  };
}

const decimal = /^[+-]?[1-9][0-9]*$/;
const octal = /^([+-]?)0([0-7]*)$/;
const hex = /^([+-]?)0x([0-9a-f]+)$/i;

/** Decimal, `0x` hexadecimal or `0` octal, in 32 bits with a sign: what strtol takes with base 0. */
export function integer(fallback: number): IniKey<number> {
  return {
    fallback,
    parse: (text, name) => {
      const value = parseInteger(text.trimStart());
      return value === undefined
        ? { warning: `Invalid integer value '${clean(text)}' for config key '${name}'` }
        : { value };
    },
  };
}

function parseInteger(text: string): number | undefined {
  const value = decimal.test(text) ? Number(text) : (based(hex.exec(text), 16) ?? based(octal.exec(text), 8));
  if (value === undefined || value < -(2 ** 31) || value >= 2 ** 31) return undefined;
  return value;
}

function based(match: RegExpExecArray | null, radix: number): number | undefined {
  if (!match) return undefined;
  const magnitude = Number.parseInt(match[2] || "0", radix);
  // Zero has no sign here: -0 would not equal 0 in a test nor print well.
  return match[1] === "-" && magnitude !== 0 ? -magnitude : magnitude;
}

/** Any text. */
export function text<T extends string | undefined>(fallback: T): IniKey<string | T> {
  return { fallback, parse: (value) => ({ value }) };
}

/** One of a few words, in any case. */
export function choice<const T extends string>(values: readonly T[], fallback: T): IniKey<T> {
  return {
    fallback,
    parse: (text, name) => {
      const value = values.find((known) => known.toLowerCase() === text.toLowerCase());
      if (value !== undefined) return { value };
      return {
        warning: `Invalid value '${clean(text)}' for config key '${name}' (valid values: ${values.join(", ")})`,
      };
    },
  };
}

/** A distro's text as part of a message: one short line without control characters. */
function clean(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is to be removed
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, "?").slice(0, 80);
}
