import { timeouts } from "../../base/timeouts.ts";
import { errorCodes, TswslError } from "../../base/errors.ts";
import type { FilePlace } from "../../protocol/files.ts";
import { parseCopyPlace } from "../arguments/file-place.ts";
import { jsonOption } from "../arguments/option-table.ts";
import { hostPaths } from "../arguments/translate-path.ts";
import { seeHelp, usageError } from "../arguments/usage-error.ts";
import type { Cli } from "../cli.ts";
import type { DaemonResult } from "../daemon/daemon-client.ts";
import { exitCodes } from "../exit-codes.ts";
import { printJson, printLine } from "../output/print.ts";
import { formatBytes } from "../output/quantities.ts";
import { warn } from "../output/report-error.ts";
import { askAtLength } from "../request.ts";
import { pathContext } from "./path-context.ts";
import { defineVerb } from "./verb.ts";

type Copied = DaemonResult<"files.copy">;

interface CpCommand {
  readonly paths: readonly string[];
  readonly recursive: boolean;
  readonly user: string | undefined;
  readonly json: boolean;
}

export const cp = defineVerb({
  name: "cp",
  synopsis: ["tswsl cp [-r] [-u USER] SOURCE… TARGET"],
  about:
    "Copies files between this host and distributions, or from one distribution to another. DISTRO:PATH is in a " +
    "distribution, any other path on this host (./a:b for a file whose name has a colon). As with cp, an existing " +
    "directory is copied into, and a directory is copied only with -r.\n" +
    "Modes, times, symbolic links and hard links are kept; owners too where root does the writing, as with --user root " +
    "into a distribution. What cannot be read is reported and left out, and the exit status is then that of the first " +
    "failure. A file has its name only when it is complete; Ctrl-C leaves those that are.\n" +
    "Without such an argument it is the distribution's own cp that runs: tswsl cp /etc/hosts /tmp.",
  positionals: ["SOURCE", "TARGET", "[…]"],
  options: {
    recursive: { names: ["-r", "-R", "-a", "--recursive"], text: "Directories with all that is in them." },
    user: {
      names: ["-u", "--user"],
      value: "USER",
      text: "As this user of the distribution; otherwise as its own.",
    },
    json: jsonOption,
  },
  examples: [
    ["tswsl cp debian:/etc/fstab .", "from a distribution"],
    ["tswsl cp -r src debian:work/", "a directory, into work in the home directory"],
    ["tswsl cp -r --user root debian:/etc ./etc-copy", "with what only root may read"],
    ["tswsl cp -r debian:/srv/www ubuntu:/srv/", "from one distribution to another"],
  ],
  parse: ({ recursive, user, json }, paths): CpCommand => ({ paths, recursive, user, json }),
  async run(command, cli) {
    const places = parsePlaces(command.paths, cli);
    const copied = await copy(command, places, cli);
    if (command.json) printJson(cli, { result: "copied", ...copied });
    else report(copied, cli);
    const code = errorCodes.find((known) => known === copied.failures[0]?.code) ?? "internal";
    return copied.failed === 0 ? 0 : exitCodes[code];
  },
});

interface Places {
  readonly sources: FilePlace[];
  readonly target: FilePlace;
}

function parsePlaces(paths: readonly string[], cli: Cli): Places {
  const context = pathContext(cli);
  const host = hostPaths(context.windows, cli.env);
  const sources = paths.map((path) => parseCopyPlace(path, context, host));
  const target = sources.pop();
  if (target !== undefined && [...sources, target].some((place) => place.in === "distro"))
    return { sources, target };
  throw usageError("none of these is in a distribution", `For example debian:/tmp. ${seeHelp("cp")}`);
}

async function copy({ paths, recursive, user, json }: CpCommand, places: Places, cli: Cli): Promise<Copied> {
  const title = `Copying ${paths.length > 2 ? `${paths.length - 1} things` : (paths[0] ?? "")}`;
  const params = { ...places, recursive, ...(user !== undefined && { user }) };
  const deadline = { ms: timeouts.clientCopy, what: "the copy", hint: "See: tswsl logs" };
  try {
    return await askAtLength(cli, "files.copy", params, { title, quiet: json, deadline });
  } catch (error) {
    if (!cli.signal.aborted) throw error;
    const text = "cancelled: the files that are copied are complete, the others are not there";
    throw new TswslError("cancelled", text, { cause: error });
  }
}

function report({ files, directories, others, bytes, failed, failures }: Copied, cli: Cli): void {
  for (const { path, message } of failures) warn(cli.stderr, `${path}: ${message}`);
  if (failed > failures.length) warn(cli.stderr, `and ${failed - failures.length} more could not be copied`);
  const parts = [
    counted(files, "file", "files"),
    ...(directories > 0 ? [counted(directories, "directory", "directories")] : []),
    ...(others > 0 ? [counted(others, "link or special file", "links and special files")] : []),
  ];
  printLine(cli, `${parts.join(", ")} copied (${formatBytes(bytes)}).`);
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
