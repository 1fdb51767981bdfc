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
  /** Of drives of Windows: owners and modes are kept beside the files, as WSL keeps them. */
  readonly metadata: boolean;
  /** Of drives of Windows: whether new directories tell small letters from capital ones. */
  readonly case: "off" | "dir";
  /** Of drives of Windows: where the distro has `C:\` and the others, for links that lead there, with a slash at its end. */
  readonly symlinkRoot: string | undefined;
}

/** What a root's name can hold of a path is the kernel's NAME_MAX: a longer one goes on from folder to folder. */
export const MORE = "more=";
const NAME_MAX = 255;

/** The folder itself, with nothing changed. */
export function plainExport(path: string): ExportName {
  return {
    path,
    readOnly: false,
    uid: undefined,
    gid: undefined,
    umask: 0,
    fmask: 0,
    dmask: 0,
    metadata: false,
    case: "off",
    symlinkRoot: undefined,
  };
}

/** Longer ones are nobody's path: Linux has 4096 bytes, three characters each. */
export const MAX_NAME = 16 * 1024;

/** The name of this export, which {@link parseExport} reads. */
export function formatExport(name: ExportName): string {
  const { path, readOnly, uid, gid, umask, fmask, dmask, metadata, symlinkRoot } = name;
  return [
    `path=${encodeText(path)}`,
    ...(readOnly ? ["ro"] : []),
    ...(uid === undefined ? [] : [`uid=${uid}`]),
    ...(gid === undefined ? [] : [`gid=${gid}`]),
    ...masks({ umask, fmask, dmask }),
    ...(metadata ? ["metadata"] : []),
    ...(name.case === "off" ? [] : [`case=${name.case}`]),
    ...(symlinkRoot === undefined ? [] : [`symlinkroot=${encodeText(symlinkRoot)}`]),
  ].join(";");
}

/** Where the guest walks to for this export: see {@link pathOfName}. */
export function exportPath(name: ExportName): string {
  return pathOfName(formatExport(name));
}

/**
 * Where the guest walks to for the export of this name: the name, or, when that is longer than names can be, pieces of it
 * with {@link MORE} before each but the last, one below the other.
 */
export function pathOfName(name: string): string {
  const pieces: string[] = [];
  let rest = name;
  for (const room = NAME_MAX - MORE.length; rest.length > NAME_MAX; rest = rest.slice(room))
    pieces.push(`${MORE}${rest.slice(0, room)}`);
  return [...pieces, rest].join("/");
}

/**
 * The folder that this name means, with drvfs's options (WSL's drvfs.cpp), of which `fallback=` is taken and changes
 * nothing. Undefined for what is no such name.
 */
export function parseExport(name: string): ExportName | undefined {
  if (name.length > MAX_NAME) return undefined;
  const [first = "", ...options] = name.split(";");
  if (!first.startsWith("path=")) return undefined;
  const path = decodeText(first.slice("path=".length));
  if (path === undefined || path === "") return undefined;
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
      return value === undefined ? { metadata: true } : undefined;
    case "case":
      return caseOption(value);
    case "symlinkroot": {
      const symlinkRoot = decodeText(value ?? "");
      return symlinkRoot?.startsWith("/") ? { symlinkRoot } : undefined;
    }
    case "fallback":
      return {};
    default:
      return undefined;
  }
}

/** drvfs's `case=`, of which `force` is taken for `dir`, as WSL does. */
export function caseOption(value: string | undefined): Pick<ExportName, "case"> | undefined {
  if (value === "off") return { case: value };
  return value === "dir" || value === "force" ? { case: "dir" } : undefined;
}

function splitOnce(option: string): [string, string | undefined] {
  const at = option.indexOf("=");
  return at < 0 ? [option, undefined] : [option.slice(0, at), option.slice(at + 1)];
}

function masks(bits: Readonly<Record<"umask" | "fmask" | "dmask", number>>): string[] {
  return Object.entries(bits).flatMap(([key, value]) => (value === 0 ? [] : [`${key}=${value.toString(8)}`]));
}

function encodeText(text: string): string {
  // encodeURIComponent leaves these as they are.
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decodeText(encoded: string): string | undefined {
  try {
    const text = decodeURIComponent(encoded);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
