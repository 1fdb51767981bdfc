import { jsonOption } from "../arguments/option-table.ts";
import { isTswslError } from "../../base/errors.ts";
import type { Cli } from "../cli.ts";
import { askAtLength, type LongRequest } from "../request.ts";
import { answer } from "./answer.ts";
import { defineVerb } from "./verb.ts";

export const shutdown = defineVerb({
  name: "shutdown",
  synopsis: ["tswsl shutdown [--force] [--daemon]", "tswsl --shutdown [--force]"],
  about:
    "Stops every distribution and the virtual machine, which gives all of its memory back. The next command starts " +
    "what it needs. With --force nothing in the virtual machine is asked first: for when it no longer answers.",
  positionals: [],
  options: {
    force: { names: ["--force"], text: "Cut the power: do not wait for the distributions to stop." },
    daemon: { names: ["--daemon"], text: "End tswsl's background process as well." },
    json: jsonOption,
  },
  examples: [
    ["tswsl shutdown", "stop everything"],
    ["tswsl shutdown --force", "stop everything even though it hangs"],
  ],
  parse: ({ force, daemon, json }) => ({ force, daemon, json }),
  async run({ force, daemon, json }, cli) {
    // Without a daemon nothing runs, and one that is started now would only have to be ended again.
    if (!(await cli.daemon.isRunning(cli.signal))) {
      return answer(cli, json, { result: "shutdown", text: "Nothing is running." });
    }
    const progress = { title: "Shutting down", quiet: json };
    await askAtLength(cli, "vm.shutdown", { force }, progress);
    if (daemon) await stopDaemon(cli, progress);
    answer(cli, json, { result: "shutdown", text: "Everything is stopped." });
  },
});

async function stopDaemon(cli: Cli, progress: LongRequest): Promise<void> {
  await askAtLength(cli, "daemon.stop", {}, progress).catch((error: unknown) => {
    // It may be gone before its answer is out.
    if (!isTswslError(error, "disconnected")) throw error;
  });
  await cli.daemon.waitForEnd(cli.signal);
}
