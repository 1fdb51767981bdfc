import { TswslError } from "../../base/errors.ts";
import { sameName } from "../../base/names.ts";
import type { Settings } from "../../protocol/daemon.ts";
import { jsonOption } from "../arguments/option-table.ts";
import { nearest } from "../arguments/suggest.ts";
import { seeHelp, usageError } from "../arguments/usage-error.ts";
import type { Cli } from "../cli.ts";
import { printJson, printLine } from "../output/print.ts";
import { formatTable } from "../output/table.ts";
import { ask } from "../request.ts";
import { isSettingName, settingSpecs, type SettingName, type SettingSpec } from "./settings.ts";
import { defineVerb } from "./verb.ts";

type SetCommand = { readonly json: boolean } & (
  | { readonly scope: "all"; readonly changes: ReadonlyMap<SettingName, string> }
  | { readonly scope: "distro"; readonly name: string; readonly keepAlive: boolean | undefined }
);

const specs: readonly (readonly [string, SettingSpec])[] = Object.entries(settingSpecs);

export const set = defineVerb<{ json: typeof jsonOption }, SetCommand>({
  name: "set",
  synopsis: ["tswsl set [KEY=VALUE…]", "tswsl set NAME [keep-alive=on|off]"],
  about: [
    "Shows the settings, changes those that are given, and shows them again. With the NAME of a distribution, its own.",
    "",
    ...formatTable([
      ...specs.map(([key, { text }]) => [`  ${key}`, text]),
      ["  keep-alive", "Of a distribution: on keeps it running without a command."],
    ]),
  ].join("\n"),
  positionals: ["[NAME | KEY=VALUE…]"],
  options: { json: jsonOption },
  examples: [
    ["tswsl set", "show all"],
    ["tswsl set memory=4G vm-idle=never", "takes effect when the virtual machine next starts"],
    ["tswsl set debian keep-alive=on", "let debian's services run on"],
  ],
  parse({ json }, [first, ...rest]) {
    if (first === undefined || first.includes("=")) {
      return { scope: "all", changes: parseChanges(first === undefined ? [] : [first, ...rest]), json };
    }
    return { scope: "distro", name: first, keepAlive: parseKeepAlive(first, rest), json };
  },
  run: async (command, cli) => (command.scope === "all" ? setAll(command, cli) : setDistro(command, cli)),
});

function parseChanges(words: readonly string[]): ReadonlyMap<SettingName, string> {
  const changes = new Map<SettingName, string>();
  for (const [key, value] of words.map(splitPair)) {
    if (key === "keep-alive") {
      throw usageError(
        "keep-alive belongs to a distribution",
        `For example: tswsl set debian keep-alive=${value}`,
      );
    }
    if (!isSettingName(key)) throw unknownSetting(key);
    if (changes.has(key)) throw usageError(`'${key}' was given twice`, seeHelp("set"));
    settingSpecs[key].parse(value);
    changes.set(key, value);
  }
  return changes;
}

function parseKeepAlive(name: string, words: readonly string[]): boolean | undefined {
  const [pair, extra] = words;
  if (extra !== undefined) throw usageError(`unexpected argument '${extra}' for 'tswsl set'`, seeHelp("set"));
  if (pair === undefined) return undefined;
  const [key, value] = splitPair(pair);
  if (key !== "keep-alive") {
    const hint = isSettingName(key) ? `For all of them: tswsl set ${pair}` : seeHelp("set");
    throw usageError(`a distribution has no setting '${key}'`, hint);
  }
  if (value === "on" || value === "true" || value === "1") return true;
  if (value === "off" || value === "false" || value === "0") return false;
  throw usageError(`keep-alive is on or off, not '${value}'`, `For example: tswsl set ${name} keep-alive=on`);
}

function splitPair(word: string): [string, string] {
  const equals = word.indexOf("=");
  if (equals > 0 && equals < word.length - 1) return [word.slice(0, equals), word.slice(equals + 1)];
  throw usageError(`'${word}' is not of the form KEY=VALUE`, seeHelp("set"));
}

function unknownSetting(key: string): Error {
  const near = nearest(key, [...Object.keys(settingSpecs), "keep-alive"]);
  return usageError(
    `there is no setting '${key}'`,
    near === undefined ? seeHelp("set") : `Did you mean '${near}'? ${seeHelp("set")}`,
  );
}

async function setAll({ changes, json }: Extract<SetCommand, { scope: "all" }>, cli: Cli): Promise<void> {
  let patch: Partial<Settings> = {};
  for (const [key, value] of changes) patch = { ...patch, ...settingSpecs[key].parse(value) };
  const settings =
    changes.size === 0 ? await ask(cli, "settings.get", {}) : await ask(cli, "settings.set", patch);
  if (json) return printJson(cli, settings);
  const shown = changes.size === 0 ? specs : specs.filter(([key]) => isSettingName(key) && changes.has(key));
  for (const line of formatTable(shown.map(([key, spec]) => [key, spec.format(settings)])))
    printLine(cli, line);
  if ([...changes.keys()].some((key) => settingSpecs[key].atStart)) {
    printLine(cli, "A running virtual machine keeps what it has until: tswsl shutdown");
  }
}

async function setDistro(
  { name, keepAlive, json }: Extract<SetCommand, { scope: "distro" }>,
  cli: Cli,
): Promise<void> {
  if (keepAlive !== undefined) await ask(cli, "distro.configure", { name, keepAlive });
  const { distros } = await ask(cli, "distro.list", {});
  const distro = distros.find((candidate) => sameName(candidate.name, name));
  if (distro === undefined) {
    throw new TswslError("not-found", `there is no distribution called '${name}'`, {
      hint: "See: tswsl list",
    });
  }
  if (json) return printJson(cli, { name: distro.name, keepAlive: distro.keepAlive });
  printLine(cli, `keep-alive  ${distro.keepAlive ? "on" : "off"}`);
}
