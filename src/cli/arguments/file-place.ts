import { posix, win32 } from "node:path";
import { checkDistroName } from "../../base/names.ts";
import type { DistroPlace, FilePlace } from "../../protocol/files.ts";
import type { HostPaths } from "./translate-path.ts";
import { usageError } from "./usage-error.ts";
import { guestPlaceOf } from "./windows-path.ts";

/** What a path on the command line is relative to, and whose rules it follows. */
export interface PathContext {
  readonly cwd: string;
  readonly windows: boolean;
}

/** Before the colon: no slash of either kind. */
const withColon = /^([^/\\:]*):(.*)$/s;

/**
 * `debian:/etc`, `debian:notes` (below the home directory), `:/etc` (the default distribution); anything else is a path
 * of this host, made absolute: `./a:b`, on Windows `C:\x`. There `\\tswsl$\debian\etc` is a distribution's as well.
 * Raises `invalid-argument` for a name that no distribution can have.
 */
export function parsePlace(text: string, { cwd, windows }: PathContext): FilePlace {
  const place = splitPlace(text, windows);
  if (place === undefined) return { in: "host", path: (windows ? win32 : posix).resolve(cwd, text) };
  if (place.distro !== undefined) checkName(place.distro, text);
  return place;
}

/**
 * {@link parsePlace} for cp, to which `dir/` and `dir/.` mean something else than `dir`. What is in a distribution's folder
 * on this host is in the distribution: the daemon, which serves that folder, must not wait for itself.
 */
export function parseCopyPlace(text: string, context: PathContext, hosts: HostPaths): FilePlace {
  const place = parsePlace(text, context);
  if (place.in === "distro") return place;
  const last = text.split(context.windows ? /[/\\]/ : "/").at(-1);
  const ending = last === "" ? "/" : last === "." || last === ".." ? "/." : "";
  // On Windows its folder has been seen for what it is.
  const { distro, path } = context.windows ? {} : hosts.toGuest(place.path);
  if (distro !== undefined && path !== undefined) return { in: "distro", distro, path: `${path}${ending}` };
  return { in: "host", path: `${place.path.replace(/[/\\]$/, "")}${ending}` || "/" };
}

/** {@link parsePlace} where only a distribution's files will do. */
export function parseDistroPlace(text: string, context: PathContext, verb: string): DistroPlace {
  const place = parsePlace(text, context);
  if (place.in === "distro") return place;
  throw usageError(
    `'${text}' is a path of this host`,
    `Name the distribution: tswsl ${verb} debian:/etc, or tswsl ${verb} :/etc for the default one.`,
  );
}

/** Whether the text names a distribution's place. */
export function isDistroPlace(text: string, windows: boolean): boolean {
  const place = splitPlace(text, windows);
  return place !== undefined && (place.distro === undefined || isName(place.distro));
}

function splitPlace(text: string, windows: boolean): DistroPlace | undefined {
  if (windows) {
    const { distro, path } = guestPlaceOf(text) ?? {};
    if (distro !== undefined && path !== undefined) return { in: "distro", distro, path };
  }
  const [, distro, path = ""] = withColon.exec(text) ?? [];
  if (distro === undefined || (windows && /^[a-z]$/i.test(distro))) return undefined;
  return { in: "distro", ...(distro !== "" && { distro }), path };
}

function checkName(name: string, text: string): void {
  if (isName(name)) return;
  throw usageError(`'${name}' cannot be the name of a distribution`, `A file of this host: ./${text}`);
}

function isName(name: string): boolean {
  try {
    checkDistroName(name);
    return true;
  } catch {
    return false;
  }
}
