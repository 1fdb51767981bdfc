import { posix } from "node:path";
import { checkDistroName, sameName } from "../../base/names.ts";
import { TswslError } from "../../base/errors.ts";
import { parsePlace } from "../arguments/file-place.ts";
import { jsonOption } from "../arguments/option-table.ts";
import { hostPaths } from "../arguments/translate-path.ts";
import { seeHelp, usageError } from "../arguments/usage-error.ts";
import type { GuestPlace } from "../arguments/windows-path.ts";
import type { Cli } from "../cli.ts";
import { printJson, printLine } from "../output/print.ts";
import { ask } from "../request.ts";
import { pathContext } from "./path-context.ts";
import { defineVerb } from "./verb.ts";

interface PathCommand {
  readonly path: string;
  /** Undefined: as the path itself tells. */
  readonly to: "guest" | "host" | undefined;
  readonly slashes: boolean;
  readonly distro: string | undefined;
  readonly json: boolean;
}

export const path = defineVerb({
  name: "path",
  synopsis: ["tswsl path [-u | -w | -m] [-d NAME] PATH"],
  about:
    "Translates a path, as wslpath does in a distribution: one of this host into the distribution's, DISTRO:PATH into " +
    "this host's. Nothing is started and nothing looked at, so the path need not exist.\n" +
    "On Windows C:\\ is /mnt/c, and a distribution's own files are below \\\\tswsl$. On Linux / is /mnt/host, and a " +
    "distribution's own files are below ~/tswsl. A distribution whose wsl.conf says [automount] root has the host's " +
    "files elsewhere; there, ask its wslpath.",
  positionals: ["PATH"],
  options: {
    unix: { names: ["-u"], text: "From this host's to the distribution's; so without an option too." },
    windows: {
      names: ["-w"],
      text: "From the distribution's to this host's; so for DISTRO:PATH without an option too.",
    },
    mixed: { names: ["-m"], text: "The same as -w, with / instead of \\." },
    distro: {
      names: ["-d", "--distribution"],
      value: "NAME",
      text: "With -w or -m: of this distribution; otherwise of the default one.",
    },
    json: jsonOption,
  },
  examples: [
    ["tswsl path .", "the current directory, as a distribution sees it"],
    ["tswsl path debian:/etc/fstab", "where this host finds it"],
    ["tswsl path -w -d debian /home", "the same question in wslpath's words"],
  ],
  parse({ unix, windows, mixed, distro, json }, [path = ""]): PathCommand {
    if ([unix, windows, mixed].filter(Boolean).length > 1)
      throw usageError("-u, -w and -m cannot be used together", seeHelp("path"));
    const to = unix ? "guest" : windows || mixed ? "host" : undefined;
    if (distro !== undefined) checkDistroName(distro);
    return { path, to, slashes: mixed, distro, json };
  },
  async run(command, cli) {
    const place = parsePlace(command.path, pathContext(cli));
    const to = command.to ?? (place.in === "distro" ? "host" : "guest");
    const translated = to === "guest" ? toGuest(command, cli) : { path: await toHost(command, cli) };
    if (command.json) printJson(cli, translated);
    else printLine(cli, translated.path);
  },
});

function toGuest({ path, distro }: PathCommand, cli: Cli): GuestPlace {
  const context = pathContext(cli);
  const place = parsePlace(path, context);
  const found =
    place.in === "distro"
      ? { path: absolute(place.path), ...(place.distro !== undefined && { distro: place.distro }) }
      : hostPaths(context.windows, cli.env).toGuest(place.path);
  if (distro === undefined || found.distro === undefined || sameName(distro, found.distro)) return found;
  throw new TswslError("invalid-argument", `'${path}' is in ${found.distro}, which '${distro}' cannot see`, {
    hint: `Copy it: tswsl cp ${found.distro}:${found.path} ${distro}:`,
  });
}

async function toHost({ path, distro, slashes }: PathCommand, cli: Cli): Promise<string> {
  const context = pathContext(cli);
  // After -w a path without a distribution's name is the distribution's all the same.
  const place = path.startsWith("/") ? undefined : parsePlace(path, context);
  if (place?.in === "host") {
    throw usageError(`'${path}' is not an absolute path of a distribution`, "For example: debian:/etc");
  }
  const name = place?.distro ?? distro ?? (await defaultDistro(cli));
  const inside = absolute(place?.path ?? path);
  const translated = hostPaths(context.windows, cli.env).toHost({ distro: name, path: inside });
  return slashes ? translated.replaceAll("\\", "/") : translated;
}

/** Where the home directory is only the distribution knows, and it is not asked. */
function absolute(path: string): string {
  if (path.startsWith("/")) return posix.normalize(path);
  throw usageError(
    `'${path}' is not an absolute path of a distribution`,
    "A path below the home directory cannot be translated without starting the distribution.",
  );
}

/** The registry is the daemon's; it starts no virtual machine for this. */
async function defaultDistro(cli: Cli): Promise<string> {
  const { defaultDistro } = await ask(cli, "status", {});
  if (defaultDistro !== null) return defaultDistro;
  throw new TswslError("not-found", "no distribution is installed", {
    hint: "Name one all the same: tswsl path -w -d NAME PATH",
  });
}
