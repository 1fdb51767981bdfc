/**
 * Run by node.exe under Wine: what Windows says of a program file, and of the pipe that a daemon listens on.
 * `node executable-facts.mjs PROGRAM PIPE RESULTS`
 */
import { writeFileSync } from "node:fs";
import { hostSecurity } from "../../../../src/base/windows/host-security.ts";
import { loadKoffi, openLibrary } from "../../../../src/daemon/host/windows/native/koffi.ts";

export interface ExecutableFacts {
  /** The version resource, by its names. */
  readonly version: Readonly<Record<string, string>>;
  /** The pipe's access list, in the Security Descriptor Definition Language. */
  readonly access: string | null;
  /** The account that this process runs as, whose daemon it is. */
  readonly user: string | null;
}

const NAMES = ["FileDescription", "FileVersion", "OriginalFilename", "ProductName"];
/** US English, Unicode: where the strings are. */
const BLOCK = String.raw`\StringFileInfo\040904b0`;

function versionOf(path: string): Record<string, string> {
  const library = openLibrary(loadKoffi(), "version.dll");
  // Each type is that of the prototype in the string beside it.
  const sizeOf = library.func("uint32_t GetFileVersionInfoSizeW(str16 path, void *unused)") as (
    path: string,
    unused: null,
  ) => number;
  const read = library.func(
    "int GetFileVersionInfoW(str16 path, uint32_t unused, uint32_t size, void *data)",
  ) as (path: string, unused: number, size: number, data: Buffer) => number;
  const query = library.func(
    "int VerQueryValueW(void *data, str16 name, _Out_ str16 *value, _Out_ uint32_t *length)",
  ) as (data: Buffer, name: string, value: [string | null], length: [number]) => number;
  const data = Buffer.alloc(sizeOf(path, null));
  if (!read(path, 0, data.length, data)) throw new Error(`${path} has no version resource`);
  const text = (name: string): string => {
    const value: [string | null] = [null];
    return query(data, `${BLOCK}\\${name}`, value, [0]) ? (value[0] ?? "") : "";
  };
  return Object.fromEntries(NAMES.map((name) => [name, text(name)]));
}

const [program = "", pipe = "", results = ""] = process.argv.slice(2);
const security = hostSecurity();
const { access } = await security.pipeServer(pipe);
const facts: ExecutableFacts = { version: versionOf(program), access, user: security.processToken().user };
writeFileSync(results, JSON.stringify(facts));
