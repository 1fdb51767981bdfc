import { TswslError } from "../../base/errors.ts";
import { sameName } from "../../base/names.ts";
import { jsonOption } from "../arguments/option-table.ts";
import type { Cli } from "../cli.ts";
import { printJson, printLine } from "../output/print.ts";
import { formatTable } from "../output/table.ts";
import { ask } from "../request.ts";
import {
  checkScope,
  type Given,
  ofAll,
  ofDistro,
  parseAll,
  settingOptions,
  type SettingOptions,
  type Specs,
} from "./set-options.ts";
import { asChanges } from "./distro-settings.ts";
import { settingSpecs } from "./settings.ts";
import { defineVerb } from "./verb.ts";

type SetCommand = { readonly json: boolean; readonly given: Given } & (
  | { readonly scope: "all" }
  | { readonly scope: "distro"; readonly name: string }
);

export const set = defineVerb<SettingOptions & { json: typeof jsonOption }, SetCommand>({
  name: "set",
  synopsis: ["tswsl set [OPTIONS]", "tswsl set NAME [OPTIONS]"],
  about:
    "Shows the settings, changes those that are given, and shows them again. With the NAME of a distribution, its own.",
  positionals: ["[NAME]"],
  options: { ...settingOptions(), json: jsonOption },
  examples: [
    ["tswsl set", "show all"],
    ["tswsl set --memory 4G --vm-idle never", "memory takes effect when the virtual machine next starts"],
    ["tswsl set debian", "show those of debian"],
    ["tswsl set debian --memory 1G --cpus 1.5", "limit what debian may take, at once"],
    ["tswsl set debian --keep-alive on", "let debian's services run on"],
  ],
  parse({ json, ...values }, [name]) {
    const given = Object.entries(values).flatMap(([key, value]) =>
      typeof value === "string" ? [[key, value] as const] : [],
    );
    checkScope(name, given);
    if (name === undefined) parseAll(ofAll, given);
    else parseAll(ofDistro, given);
    return name === undefined ? { scope: "all", given, json } : { scope: "distro", name, given, json };
  },
  run: async (command, cli) => (command.scope === "all" ? setAll(command, cli) : setDistro(command, cli)),
});

async function setAll({ given, json }: SetCommand, cli: Cli): Promise<void> {
  const settings =
    given.length === 0
      ? await ask(cli, "settings.get", {})
      : await ask(cli, "settings.set", parseAll(ofAll, given));
  if (json) return printJson(cli, settings);
  show(ofAll, settings, given, cli);
  const waiting = Object.entries(settingSpecs).some(
    ([key, { atStart }]) => atStart && given.some(([name]) => name === key),
  );
  if (waiting) printLine(cli, "A running virtual machine keeps what it has until: tswsl shutdown");
}

async function setDistro(
  { name, given, json }: Extract<SetCommand, { scope: "distro" }>,
  cli: Cli,
): Promise<void> {
  if (given.length > 0) await ask(cli, "distro.configure", { name, ...asChanges(parseAll(ofDistro, given)) });
  const { distros } = await ask(cli, "distro.list", {});
  const distro = distros.find((candidate) => sameName(candidate.name, name));
  if (distro === undefined) {
    throw new TswslError("not-found", `there is no distribution called '${name}'`, {
      hint: "See: tswsl list",
    });
  }
  const { keepAlive, limits } = distro;
  if (json) return printJson(cli, { name: distro.name, keepAlive, limits });
  show(ofDistro, { keepAlive, ...limits }, given, cli);
}

/** Those that were given, else all. */
function show<S>(specs: Specs<S>, settings: S, given: Given, cli: Cli): void {
  const chosen = Object.entries(specs).filter(
    ([key]) => given.length === 0 || given.some(([name]) => name === key),
  );
  for (const line of formatTable(chosen.map(([key, spec]) => [key, spec.format(settings)])))
    printLine(cli, line);
}
