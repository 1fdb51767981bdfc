import { once } from "node:events";
import { asTswslError, isTswslError, type TswslError } from "../../base/errors.ts";
import type { ClientHeader } from "../../protocol/daemon.ts";
import type { DistroPlace } from "../../protocol/files.ts";
import { FrameConnection } from "../../protocol/frame-channel.ts";
import { encodeJsonFrame, FrameType } from "../../protocol/frames.ts";
import { parseDistroPlace } from "../arguments/file-place.ts";
import { jsonOption } from "../arguments/option-table.ts";
import type { Cli } from "../cli.ts";
import { exitCodes } from "../exit-codes.ts";
import { reportError } from "../output/report-error.ts";
import { openProgress } from "../ui/open-progress.ts";
import { pathContext } from "./path-context.ts";
import { defineVerb } from "./verb.ts";

export const cat = defineVerb({
  name: "cat",
  synopsis: ["tswsl cat [-u USER] DISTRO:PATH…"],
  about:
    "Writes files of a distribution to standard output, byte for byte, one after the other. Nothing is run in the " +
    "distribution; one that is stopped is started. A file that cannot be read is reported, and the others are written; " +
    "the exit status is then that of the first failure. With --json failures are JSON, one on each line of standard error.\n" +
    "Without such an argument it is the distribution's own cat that runs: tswsl cat /etc/os-release.",
  positionals: ["DISTRO:PATH", "[DISTRO:PATH…]"],
  options: {
    user: {
      names: ["-u", "--user"],
      value: "USER",
      text: "As this user; otherwise as the distribution's own.",
    },
    json: { ...jsonOption, text: "Report failures as JSON." },
  },
  examples: [
    ["tswsl cat debian:/etc/os-release", "a file"],
    ["tswsl cat --user root debian:/etc/shadow", "one that only root may read"],
    ["tswsl cat debian:photo.raw | sha256sum", "one in the home directory, of any content"],
  ],
  parse: ({ user, json }, paths) => ({ user, json, paths }),
  async run({ user, json, paths }, cli) {
    const context = pathContext(cli);
    const places = paths.map((path) => parseDistroPlace(path, context, "cat"));
    let first: TswslError | undefined;
    for (const place of places) {
      try {
        await copyOut(cli, place, { user, quiet: json });
      } catch (error) {
        // Nothing else would be read either.
        if (cli.signal.aborted || isTswslError(error, "disconnected")) throw error;
        first ??= asTswslError(error);
        reportError(cli.stderr, error, json);
      }
    }
    return first === undefined ? 0 : exitCodes[first.code];
  },
});

interface ReadOptions {
  readonly user: string | undefined;
  readonly quiet: boolean;
}

/** One file, on a connection of its own, as fast as standard output takes it. */
async function copyOut(cli: Cli, place: DistroPlace, { user, quiet }: ReadOptions): Promise<void> {
  const stream = await cli.daemon.connect(cli.signal);
  const header: ClientHeader = { kind: "read", place, ...(user !== undefined && { user }) };
  stream.write(encodeJsonFrame(FrameType.header, header));
  const progress = openProgress(cli.stderr, { title: `Reading ${place.path}`, quiet, env: cli.env });
  const connection = new FrameConnection(stream, {
    sends: [],
    receives: [FrameType.stdout],
    onProgress: (report) => progress.update(report),
  });
  const giveUp = (): void => connection.destroy();
  cli.signal.addEventListener("abort", giveUp, { once: true });
  try {
    let started = false;
    for await (const chunk of connection.readable(FrameType.stdout)) {
      if (!started) await progress.close("cleared");
      started = true;
      if (!cli.stdout.write(chunk)) await once(cli.stdout, "drain", { signal: cli.signal });
    }
    await connection.outcome;
  } finally {
    cli.signal.removeEventListener("abort", giveUp);
    await progress.close("cleared");
    connection.close();
  }
}
