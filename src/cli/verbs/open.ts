import { stat } from "node:fs/promises";
import { withDeadline } from "../../base/deadline.ts";
import { TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";
import type { DistroPlace } from "../../protocol/files.ts";
import { parsePlace } from "../arguments/file-place.ts";
import { jsonOption } from "../arguments/option-table.ts";
import { hostPaths } from "../arguments/translate-path.ts";
import type { Cli } from "../cli.ts";
import { showInDesktop } from "../host/show-in-desktop.ts";
import { printable } from "../output/printable.ts";
import { askAtLength } from "../request.ts";
import { answer } from "./answer.ts";
import { pathContext } from "./path-context.ts";
import { defineVerb } from "./verb.ts";

interface OpenCommand {
  readonly path: string;
  readonly user: string | undefined;
  readonly json: boolean;
}

export const open = defineVerb({
  name: "open",
  synopsis: ["tswsl open [DISTRO:PATH | PATH]"],
  about:
    "Shows files in Explorer, on Linux in the file manager: a folder as a window, a file with the program for it. " +
    "Without a path it is the home directory in the default distribution. A distribution that is stopped is started. " +
    "Its files are shown where this host has them: below \\\\tswsl$, on Linux below ~/tswsl.",
  positionals: ["[PATH]"],
  options: {
    user: {
      names: ["-u", "--user"],
      value: "USER",
      text: "Whose home directory, and who looks for the path.",
    },
    json: jsonOption,
  },
  examples: [
    ["tswsl open", "the home directory, in a window"],
    ["tswsl open debian:/etc", "a folder of debian"],
    ["tswsl open .", "the current directory, of this host"],
  ],
  parse: ({ user, json }, [path = ":"]): OpenCommand => ({ path, user, json }),
  async run(command, cli) {
    const { windows } = pathContext(cli);
    const place = parsePlace(command.path, pathContext(cli));
    const path = place.in === "host" ? place.path : await hostPathOf(place, command, cli);
    await check(path, place.in === "distro", cli);
    await showInDesktop(path, { windows, env: cli.env, signal: cli.signal });
    answer(cli, command.json, { result: "opened", name: path, text: `Opened ${printable(path)}` });
  },
});

async function hostPathOf(place: DistroPlace, { user, json }: OpenCommand, cli: Cli): Promise<string> {
  const params = { place, ...(user !== undefined && { user }) };
  const title = `Opening ${place.distro ?? ""}:${place.path}`;
  const found = await askAtLength(cli, "files.stat", params, { title, quiet: json });
  return hostPaths(pathContext(cli).windows, cli.env).toHost(found);
}

/** A file manager would say less about what is missing, or hang with a file system that does. */
async function check(path: string, ofDistro: boolean, cli: Cli): Promise<void> {
  const deadline = { ms: timeouts.folderCall, what: `${path} to answer` };
  try {
    await withDeadline(cli.signal, deadline, () => stat(path));
  } catch (error) {
    if (error instanceof TswslError) throw error;
    if (!ofDistro) throw new TswslError("not-found", `there is no '${path}'`, { cause: error });
    throw new TswslError("unavailable", `the distributions' files are not there on this host: no '${path}'`, {
      cause: error,
      hint: "What keeps them from being there: tswsl doctor. Copying works without: tswsl cp",
    });
  }
}
