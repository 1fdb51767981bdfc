/**
 * How a folder of the host is called in the root of what we serve: its path and options, so that the guest can ask for any
 * of them by walking there, as drvfs does in 9P's aname. `path=%2Fhome;ro;uid=1000`; in the path every byte but
 * `A-Za-z0-9._~-` is percent-encoded, because a name can hold no slash.
 */
export interface ExportName {
  /** Absolute, as the host writes it. */
  readonly path: string;
  readonly readOnly: boolean;
  /** Who owns, in the guest, what belongs to the host's user. */
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** Permission bits that the guest does not see: of all, of files, of directories. */
  readonly umask: number;
  readonly fmask: number;
  readonly dmask: number;
}

/** The folder itself, with nothing changed. */
export function plainExport(path: string): ExportName {
  return { path, readOnly: false, uid: undefined, gid: undefined, umask: 0, fmask: 0, dmask: 0 };
}

/** Longer ones are nobody's path: Linux has 4096 bytes, three characters each. */
const MAX_NAME = 16 * 1024;

export function formatExport(name: ExportName): string {
  const { path, readOnly, uid, gid, umask, fmask, dmask } = name;
  return [
    `path=${encodePath(path)}`,
    ...(readOnly ? ["ro"] : []),
    ...(uid === undefined ? [] : [`uid=${uid}`]),
    ...(gid === undefined ? [] : [`gid=${gid}`]),
    ...masks({ umask, fmask, dmask }),
  ].join(";");
}

/**
 * The folder that this name means, with drvfs's options (WSL's drvfs.cpp): those that have no meaning here
 * (`metadata`, `case=`, `fallback=`, `symlinkroot=`) are taken and change nothing. Undefined for what is no such name.
 */
export function parseExport(name: string): ExportName | undefined {
  if (name.length > MAX_NAME) return undefined;
  const [first = "", ...options] = name.split(";");
  if (!first.startsWith("path=")) return undefined;
  const path = decodePath(first.slice("path=".length));
  if (path === undefined || path === "" || path.includes("\0")) return undefined;
  let parsed = plainExport(path);
  for (const option of options) {
    const change = parseOption(option);
    if (!change) return undefined;
    parsed = { ...parsed, ...change };
  }
  return parsed;
}

function parseOption(option: string): Partial<ExportName> | undefined {
  const [key, value] = splitOnce(option);
  switch (key) {
    case "ro":
      return value === undefined ? { readOnly: true } : undefined;
    case "uid":
    case "gid": {
      const id = /^\d{1,10}$/.test(value ?? "") ? Number(value) : undefined;
      return id !== undefined && id <= 0xffff_ffff ? { [key]: id } : undefined;
    }
    case "umask":
    case "fmask":
    case "dmask":
      return /^[0-7]{1,4}$/.test(value ?? "") ? { [key]: Number.parseInt(value ?? "", 8) } : undefined;
    case "metadata":
    case "case":
    case "fallback":
    case "symlinkroot":
      return {};
    default:
      return undefined;
  }
}

function splitOnce(option: string): [string, string | undefined] {
  const at = option.indexOf("=");
  return at < 0 ? [option, undefined] : [option.slice(0, at), option.slice(at + 1)];
}

function masks(bits: Readonly<Record<"umask" | "fmask" | "dmask", number>>): string[] {
  return Object.entries(bits).flatMap(([key, value]) => (value === 0 ? [] : [`${key}=${value.toString(8)}`]));
}

function encodePath(path: string): string {
  // encodeURIComponent leaves these as they are.
  return encodeURIComponent(path).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decodePath(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
