import { resolve } from "node:path";
import { checkDistroName } from "../../base/names.ts";
import { jsonOption, type OptionValues } from "../arguments/option-table.ts";
import { seeHelp, usageError } from "../arguments/usage-error.ts";
import type { Cli } from "../cli.ts";
import { exitCodes, RESTART_NEEDED } from "../exit-codes.ts";
import { printJson, printLine } from "../output/print.ts";
import { formatBytes, formatSpan } from "../output/quantities.ts";
import { limitOption, parseLimits } from "./distro-settings.ts";
import { installFrom, type InstallCommand, type LocalSource } from "./install-from.ts";
import { installHost, type HostCommand } from "./install-host.ts";
import { defineVerb } from "./verb.ts";

const options = {
  name: {
    names: ["--name"],
    value: "NAME",
    text: "What to call it; otherwise as the distribution calls itself.",
  },
  distribution: {
    names: ["-d", "--distribution"],
    value: "NAME",
    text: "The same as the first argument (as in WSL).",
  },
  file: {
    names: ["-f", "--from-file"],
    value: "FILE",
    text: "From a root file system: .tar, .tar.gz, .tar.xz, .tar.zst or .wsl; '-' reads standard input.",
  },
  sha256: { names: ["--sha256"], value: "HASH", text: "Refuse FILE unless it has this SHA-256." },
  bootstrap: { names: ["--bootstrap"], text: "Build Debian or Ubuntu from this host's own package sources." },
  suite: { names: ["--suite"], value: "SUITE", text: "With --bootstrap: the release, such as bookworm." },
  memory: limitOption("memory"),
  cpus: limitOption("cpus"),
  pids: limitOption("pids"),
  include: {
    names: ["--include"],
    value: "PACKAGE,…",
    text: "With --bootstrap: packages beside the usual ones, such as systemd-sysv.",
  },
  noLaunch: {
    names: ["-n", "--no-launch"],
    text: "Open no shell afterwards: never done here, accepted as in WSL.",
  },
  noDistribution: {
    names: ["--no-distribution"],
    text: "No distribution: say what tswsl lacks on this host, and on Windows switch it on after asking.",
  },
  yes: { names: ["-y", "--yes"], text: "With --no-distribution: do not ask." },
  json: jsonOption,
} as const;

type Values = OptionValues<typeof options>;

export const install = defineVerb({
  name: "install",
  synopsis: [
    "tswsl install NAME [--name NAME]",
    "tswsl install --from-file FILE|- [--name NAME] [--sha256 HASH]",
    "tswsl install debian|ubuntu --bootstrap [--suite SUITE] [--include PACKAGE,…]",
    "tswsl install --no-distribution [--yes]",
  ],
  about:
    "Installs a distribution: from the catalogue (tswsl list --online), from a file, or built from the package sources " +
    "of this host. The first one becomes the default. Ctrl-C, or any failure, leaves nothing behind.\n" +
    "With --no-distribution only the host is looked at. On Windows the optional features that virtual machines need are " +
    `switched on, which takes an administrator; the exit status is ${RESTART_NEEDED} when Windows must then be restarted, ` +
    `${exitCodes.unavailable} when something else is missing.`,
  positionals: ["[NAME]"],
  options,
  examples: [
    ["tswsl install debian", "download, check and install Debian"],
    ["tswsl install debian --name web", "a second one under another name"],
    ["tswsl install debian --bootstrap", "where only a package mirror can be reached"],
    [
      "tswsl install debian --memory 1G --cpus 1.5 --pids 500",
      "limited in what it may take (see: tswsl set)",
    ],
    ["tswsl install --no-distribution", "the host's part: what is missing, and on Windows its features"],
    ["docker export c1 | tswsl install --from-file - --name c1", "anything that can make a tar"],
  ],
  parse(values, [positional]): InstallCommand | HostCommand {
    if (values.noDistribution) return hostCommand(values, positional);
    if (values.yes) throw usageError("--yes needs --no-distribution", seeHelp("install"));
    check(values, positional);
    const name = values.name === undefined ? undefined : checkDistroName(values.name);
    return { source: sourceOf(values, positional), name, limits: parseLimits(values), json: values.json };
  },
  run: async (command, cli) => ("host" in command ? installHost(command, cli) : runInstall(command, cli)),
});

/** What may stand beside --no-distribution. */
const forHost: ReadonlySet<string> = new Set(["noDistribution", "yes", "json", "noLaunch"]);

function hostCommand(values: Values, positional?: string): HostCommand {
  const given = Object.entries(values).find(
    ([name, value]) => !forHost.has(name) && value !== undefined && value !== false,
  );
  const { yes, json } = values;
  if (positional === undefined && given === undefined) return { host: true, yes, json };
  throw usageError("--no-distribution installs none: it takes no name and no source", seeHelp("install"));
}

function check({ distribution, file, sha256, suite, include, bootstrap }: Values, name?: string): void {
  const refuse = (message: string, hint = seeHelp("install")): never => {
    throw usageError(message, hint);
  };
  const named = name ?? distribution;
  if (name !== undefined && distribution !== undefined) refuse("the distribution was named twice");
  if (named === undefined && file === undefined) {
    refuse(
      "say which distribution to install",
      "For example: tswsl install debian. All of them: tswsl list --online",
    );
  }
  if (named !== undefined && file !== undefined) {
    refuse(
      "a file and a distribution of the catalogue were both given",
      `To name it: --from-file ${file} --name ${named}`,
    );
  }
  if (file !== undefined && bootstrap) refuse("--from-file and --bootstrap cannot be used together");
  if (suite !== undefined && !bootstrap) refuse("--suite needs --bootstrap");
  if (include !== undefined && !bootstrap) refuse("--include needs --bootstrap");
  const odd = packagesOf(include).find((name) => !packageName.test(name));
  if (odd !== undefined) refuse(`'${odd}' is not the name of a package`, "Separate names by commas");
  if (sha256 !== undefined && (file === undefined || file === "-"))
    refuse("--sha256 needs --from-file with a file");
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256)) {
    refuse(`'${sha256}' is not a SHA-256`, "It has 64 hexadecimal digits; see: sha256sum FILE");
  }
}

/** Debian's policy, 5.6.7; not more, so that no name is an option or a pattern of apt. */
const packageName = /^[a-z0-9][a-z0-9+.-]+$/;

const packagesOf = (include: string | undefined): string[] => include?.split(",") ?? [];

function sourceOf(
  { distribution, file, sha256, bootstrap, suite, include }: Values,
  positional?: string,
): LocalSource {
  if (file === "-") return { type: "stdin" };
  if (file !== undefined)
    return { type: "file", path: file, ...(sha256 === undefined ? {} : { sha256: sha256.toLowerCase() }) };
  const name = positional ?? distribution ?? "";
  if (!bootstrap) return { type: "catalogue", name };
  return {
    type: "bootstrap",
    flavor: name,
    ...(suite === undefined ? {} : { suite }),
    ...(include === undefined ? {} : { include: packagesOf(include) }),
  };
}

async function runInstall(command: InstallCommand, cli: Cli): Promise<void> {
  const { source } = command;
  // The daemon has a working directory of its own.
  const absolute = source.type === "file" ? { ...source, path: resolve(cli.cwd, source.path) } : source;
  const started = performance.now();
  const installed = await installFrom({ ...command, source: absolute }, cli);
  if (command.json) return printJson(cli, { result: "installed", ...installed });
  const span = formatSpan((performance.now() - started) / 1000);
  printLine(cli, `${installed.name} is installed (${formatBytes(installed.bytes)}, ${span}).`);
  printLine(cli, `  → Start it with: tswsl -d ${installed.name}`);
}
