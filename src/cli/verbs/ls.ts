import { parseDistroPlace } from "../arguments/file-place.ts";
import { jsonOption } from "../arguments/option-table.ts";
import type { Cli } from "../cli.ts";
import { printJson } from "../output/print.ts";
import { ask, askAtLength } from "../request.ts";
import { listingLines, listingJson, type Listing } from "./ls-lines.ts";
import { pathContext } from "./path-context.ts";
import { defineVerb } from "./verb.ts";

interface LsCommand {
  readonly paths: readonly string[];
  readonly long: boolean;
  readonly all: boolean;
  readonly user: string | undefined;
  readonly json: boolean;
}

export const ls = defineVerb({
  name: "ls",
  synopsis: ["tswsl ls [-l] [-a] [-u USER] DISTRO:PATH…"],
  about:
    "Lists files of a distribution, sorted by name, from this side: nothing is run in it, and nothing but its files is " +
    "needed. A distribution that is stopped is started. A path that does not begin with / is below the home directory; " +
    "without a name before the colon it is the default distribution. Names that a terminal could not show are escaped.\n" +
    "Without such an argument it is the distribution's own ls that runs: tswsl ls -l /etc.",
  positionals: ["DISTRO:PATH", "[DISTRO:PATH…]"],
  options: {
    long: { names: ["-l", "--long"], text: "Type, mode, links, owner, group, size and time of each." },
    all: { names: ["-a", "--all"], text: "Names that begin with a dot as well." },
    user: {
      names: ["-u", "--user"],
      value: "USER",
      text: "As this user; otherwise as the distribution's own.",
    },
    json: jsonOption,
  },
  examples: [
    ["tswsl ls -l debian:/etc", "what is in /etc"],
    ["tswsl ls debian:", "what is in the home directory"],
    ["tswsl ls --json --user root debian:/root", "for scripts, with all that -l shows"],
  ],
  parse: ({ long, all, user, json }, paths): LsCommand => ({ paths, long, all, user, json }),
  async run(command, cli) {
    const context = pathContext(cli);
    const places = command.paths.map((path) => parseDistroPlace(path, context, "ls"));
    const listings: Listing[] = [];
    for (const [index, place] of places.entries()) {
      const listing = await list(command, cli, place);
      listings.push({ ...listing, path: command.paths[index] ?? "" });
    }
    if (command.json) return printJson(cli, listingJson(listings, command));
    for (const line of listingLines(listings, command, widthOf(cli))) cli.stdout.write(`${line}\n`);
  },
});

type Place = ReturnType<typeof parseDistroPlace>;

/** All of a place, however many answers it takes. */
async function list(command: LsCommand, cli: Cli, place: Place): Promise<Omit<Listing, "path">> {
  const { long, user, json } = command;
  const params = {
    place,
    ...(user !== undefined && { user }),
    details: long || json,
    // As ls has it: a link's own line with -l, unless a slash says what is meant.
    follow: !long || place.path.endsWith("/"),
  };
  const title = `Listing ${place.distro ?? ""}:${place.path}`;
  let answer = await askAtLength(cli, "files.list", params, { title, quiet: json });
  const entries = [...answer.entries];
  while (answer.more) {
    const after = entries.at(-1)?.name;
    if (after === undefined) break;
    answer = await ask(cli, "files.list", { ...params, after });
    entries.push(...answer.entries);
  }
  return { distro: answer.distro, type: answer.type, entries };
}

function widthOf({ stdout }: Cli): number | undefined {
  return stdout.isTTY === true ? (stdout.columns ?? 80) : undefined;
}
