import { jsonOption, type OptionValues } from "../arguments/option-table.ts";
import { seeHelp, usageError } from "../arguments/usage-error.ts";
import type { Cli } from "../cli.ts";
import type { DistroSummary } from "../../protocol/daemon.ts";
import { printJson, printLine } from "../output/print.ts";
import { ask } from "../request.ts";
import { catalogueLines, detailLines, nameLines } from "./list-lines.ts";
import { defineVerb } from "./verb.ts";

const options = {
  all: { names: ["--all"], text: "Those being installed or removed as well." },
  running: { names: ["--running"], text: "Only those that run." },
  quiet: { names: ["-q", "--quiet"], text: "Names only, nothing at all when there are none." },
  verbose: { names: ["-v", "--verbose"], text: "State, version and address of each." },
  online: { names: ["-o", "--online"], text: "What can be installed, instead." },
  json: jsonOption,
} as const;

type ListOptions = OptionValues<typeof options>;

const conflicts: readonly (readonly [keyof ListOptions, keyof ListOptions])[] = [
  ["quiet", "verbose"],
  ["all", "running"],
  ["verbose", "online"],
  ["all", "online"],
  ["running", "online"],
];

export const list = defineVerb({
  name: "list",
  synopsis: ["tswsl list [-q | -v] [--all | --running]", "tswsl list --online [-q]", "tswsl -l [-v]"],
  about:
    "Lists the installed distributions, the default one marked, or with --online those that can be installed. " +
    "Looking always succeeds: a broken distribution is listed with the reason, and an empty list is no failure.",
  positionals: [],
  options,
  examples: [
    ["tswsl list -v", "a table; * marks the default"],
    ["tswsl list --online", "what can be installed"],
    ["tswsl list --json | jq -r '.distros[].name'", "for scripts"],
  ],
  parse(values) {
    const clash = conflicts.find(([left, right]) => values[left] && values[right]);
    if (clash !== undefined) {
      throw usageError(`--${clash[0]} and --${clash[1]} cannot be used together`, seeHelp("list"));
    }
    return values;
  },
  run: async (command, cli) => (command.online ? listOnline(command, cli) : listInstalled(command, cli)),
});

async function listOnline({ json, quiet }: ListOptions, cli: Cli): Promise<void> {
  const catalogue = await ask(cli, "catalogue.list", {});
  if (json) return printJson(cli, catalogue);
  const lines = quiet ? catalogue.entries.map(({ name }) => name) : catalogueLines(catalogue);
  for (const line of lines) printLine(cli, line);
}

async function listInstalled(command: ListOptions, cli: Cli): Promise<void> {
  const all = await ask(cli, "distro.list", {});
  const distros = all.distros.filter((distro) => isWanted(distro, command));
  if (command.json) return printJson(cli, { distros });
  if (command.quiet) return distros.forEach(({ name }) => printLine(cli, name));
  const lines =
    distros.length === 0 ? nothing(command) : command.verbose ? detailLines(distros) : nameLines(distros);
  for (const line of lines) printLine(cli, line);
}

/** JSON is for programs, which filter by themselves: it holds every state unless one was asked for. */
function isWanted({ state }: DistroSummary, { all, running, json }: ListOptions): boolean {
  if (running) return state === "running";
  return all || json || (state !== "installing" && state !== "removing");
}

function nothing({ running }: ListOptions): string[] {
  if (running) return ["No distribution is running."];
  return [
    "No distribution is installed.",
    "  → tswsl install debian, or see what there is: tswsl list --online",
  ];
}
