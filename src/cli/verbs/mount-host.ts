import { basename, isAbsolute, resolve } from "node:path";
import { TswslError } from "../../base/errors.ts";
import { sameName } from "../../base/names.ts";
import { jsonOption } from "../arguments/option-table.ts";
import { seeHelp, usageError } from "../arguments/usage-error.ts";
import type { Cli } from "../cli.ts";
import { printJson, printLine } from "../output/print.ts";
import { printable } from "../output/printable.ts";
import { formatTable } from "../output/table.ts";
import { ask } from "../request.ts";
import type { DistroSummary } from "../../protocol/daemon.ts";
import { answer } from "./answer.ts";
import { defineVerb } from "./verb.ts";

interface MountCommand {
  readonly deed: "list" | "mount" | "unmount";
  readonly folder: string;
  readonly target: string | undefined;
  readonly distro: string | undefined;
  readonly readOnly: boolean;
  readonly json: boolean;
}

export const mountHost = defineVerb({
  name: "mount-host",
  synopsis: [
    "tswsl mount-host FOLDER [TARGET] [-d NAME] [--read-only]",
    "tswsl mount-host --remove TARGET [-d NAME]",
    "tswsl mount-host [-d NAME]",
  ],
  about:
    "Shows a folder of this computer in a distribution, at TARGET (without one: /mnt/ and the folder's name), at once and " +
    "at every start. It is there also with tswsl set --host-files none, so that a distribution can have one folder and " +
    "nothing else. Without a FOLDER: what was mounted so.",
  positionals: ["[FOLDER]", "[TARGET]"],
  options: {
    distro: {
      names: ["-d", "--distribution"],
      value: "NAME",
      text: "Another than the default distribution.",
    },
    readOnly: { names: ["--read-only"], text: "The distribution may look at it and not change it." },
    remove: { names: ["--remove"], value: "TARGET", text: "Take the folder at TARGET away again." },
    json: jsonOption,
  },
  examples: [
    ["tswsl mount-host ~/src", "this folder is /mnt/src in the default distribution"],
    ["tswsl mount-host ~/photos /photos -d debian --read-only", "for looking only"],
    ["tswsl mount-host --remove /mnt/src", "not any more"],
  ],
  parse({ distro, readOnly, remove, json }, [folder, target]): MountCommand {
    const common = { distro, readOnly, json };
    if (remove !== undefined) {
      if (folder !== undefined || readOnly)
        throw usageError("--remove takes a TARGET alone", seeHelp("mount-host"));
      return { ...common, deed: "unmount", folder: "", target: remove };
    }
    if (folder === undefined) return { ...common, deed: "list", folder: "", target: undefined };
    return { ...common, deed: "mount", folder, target };
  },
  async run(command, cli) {
    if (command.deed === "list") await list(command, cli);
    else if (command.deed === "unmount") await unmount(command, cli);
    else await mount(command, cli);
  },
});

async function mount({ folder, target, distro, readOnly, json }: MountCommand, cli: Cli): Promise<void> {
  const source = isAbsolute(folder) ? resolve(folder) : resolve(cli.cwd, folder);
  const name = basename(source);
  if (target === undefined && name === "")
    throw usageError("say where the whole of it is to be", seeHelp("mount-host"));
  const place = target ?? `/mnt/${name}`;
  const mounted = await ask(cli, "distro.mountHost", {
    ...(distro === undefined ? {} : { name: distro }),
    source,
    target: place,
    readOnly,
  });
  const text = `${printable(source)} is ${printable(place)} in ${mounted.name}${readOnly ? ", read-only" : ""}.`;
  answer(cli, json, { result: "mounted", name: mounted.name, text });
}

async function unmount({ target = "", distro, json }: MountCommand, cli: Cli): Promise<void> {
  const { name } = await ask(cli, "distro.unmountHost", {
    ...(distro === undefined ? {} : { name: distro }),
    target,
  });
  answer(cli, json, { result: "unmounted", name, text: `${printable(target)} is gone from ${name}.` });
}

async function list({ distro, json }: MountCommand, cli: Cli): Promise<void> {
  const { distros } = await ask(cli, "distro.list", {});
  const chosen = distros.find(isChosen(distro));
  if (chosen === undefined) {
    throw new TswslError("not-found", `there is no distribution called '${distro ?? ""}'`, {
      hint: "See: tswsl list",
    });
  }
  const { name, hostFolders } = chosen;
  if (json) return printJson(cli, { name, hostFolders });
  const rows = hostFolders.map(({ source, target, readOnly }) => [
    printable(target),
    printable(source),
    readOnly ? "read-only" : "read-write",
  ]);
  for (const line of formatTable(rows)) printLine(cli, line);
}

function isChosen(wanted: string | undefined): (distro: DistroSummary) => boolean {
  return (distro) => (wanted === undefined ? distro.default : sameName(distro.name, wanted));
}
