import { LineReader } from "./line-reader.ts";

/** A `key = value` line: `section.key` as written in the file, and the line it starts at, counted from 1. */
interface IniEntry {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

export interface IniFile {
  readonly entries: readonly IniEntry[];
  /** Each names its place as FILE:LINE. */
  readonly warnings: readonly string[];
}

/** A file full of nonsense must not fill the user's screen, nor our memory. */
const MAX_WARNINGS = 50;

const nameStart = /[a-z]/i;
const nameCharacter = /[a-z0-9]/i;

/**
 * Splits the text of a `wsl.conf` or `.wslconfig` into entries, by WSL's rules (src/shared/configfile/configfile.cpp):
 * `#` starts a comment; `"` toggles quoting and is dropped; `\\ \" \b \n \t` are escapes and a backslash at the end of
 * a line continues it, inside quotes and outside. A line that breaks a rule is skipped with a warning; nothing is
 * fatal. Two differences: CRLF counts as one line, and keys after a malformed section header belong to no section.
 */
export function parseIni(text: string, file: string): IniFile {
  const reader = new LineReader(text);
  const entries: IniEntry[] = [];
  const warnings = new Warnings(file);
  let section: string | undefined;
  while (!reader.atEnd) {
    reader.skipBlanks();
    const line = reader.line;
    const first = reader.peek();
    if (first === "[") {
      const header = parseSection(reader);
      section = header.name;
      if (header.fault !== undefined) warnings.add(header.fault, line);
    } else if (nameStart.test(first)) {
      const { key, value, fault } = parseKeyValue(reader);
      if (fault === undefined)
        entries.push({ name: section === undefined ? key : `${section}.${key}`, value, line });
      else warnings.add(fault, line);
    } else if (!["", "#", "\n"].includes(first)) warnings.add("Invalid key name", line);
    reader.skipLine();
  }
  return { entries, warnings: warnings.list };
}

class Warnings {
  readonly list: string[] = [];
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  add(message: string, line: number): void {
    if (this.list.length < MAX_WARNINGS) this.list.push(`${message} in ${this.#file}:${line}`);
  }
}

/** What is wrong with a line, if anything. Not thrown: a hostile file has a fault in each of its lines. */
interface Faulty {
  readonly fault?: string;
}

function parseSection(reader: LineReader): Faulty & { readonly name: string | undefined } {
  reader.next();
  const fault = (text: string) => ({ name: undefined, fault: text });
  if (!nameStart.test(reader.peek())) return fault("Invalid section name");
  const name = reader.takeWhile(nameCharacter);
  if (reader.peek() !== "]") return fault("Expected ']'");
  reader.next();
  reader.skipBlanks();
  return ["", "\n", "#"].includes(reader.peek()) ? { name } : fault("Expected ' ' or '\\n'");
}

function parseKeyValue(reader: LineReader): Faulty & { readonly key: string; readonly value: string } {
  const key = reader.takeWhile(nameCharacter);
  reader.skipBlanks();
  if (reader.peek() !== "=") return { key, value: "", fault: "Expected '='" };
  reader.next();
  reader.skipBlanks();
  return { key, ...parseValue(reader) };
}

function parseValue(reader: LineReader): Faulty & { readonly value: string } {
  let value = "";
  let quoted = false;
  // Only blanks as written are trimmed: those before a closing quote or produced by an escape stay.
  let kept = 0;
  for (let char = reader.peek(); char !== "" && char !== "\n"; char = reader.peek()) {
    if (char === "#" && !quoted) break;
    reader.next();
    if (char === '"') quoted = !quoted;
    else if (char === "\\") {
      const meaning = escapes.get(reader.peek());
      if (meaning === undefined)
        return { value, fault: `Invalid escaped character: '${printable(reader.peek())}'` };
      reader.next();
      value += meaning;
    } else value += char;
    if (char !== " " && char !== "\t") kept = value.length;
  }
  return quoted ? { value, fault: `Expected '"'` } : { value: value.slice(0, kept) };
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["\\", "\\"],
  ['"', '"'],
  ["b", "\b"],
  ["n", "\n"],
  ["t", "\t"],
  ["\n", ""],
]);

/** The file is the distro's, so nothing of it reaches a terminal unfiltered. */
function printable(char: string): string {
  return /^[\x20-\x7e]$/.test(char) ? char : "?";
}
