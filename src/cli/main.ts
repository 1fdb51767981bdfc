import { fileURLToPath } from "node:url";
import { tswslPaths } from "../base/files.ts";
import { isVerb } from "./arguments/classify.ts";
import type { CliProcess } from "./cli.ts";
import { DaemonConnection } from "./daemon/daemon-connection.ts";
import { BROKEN_PIPE, exitCode } from "./exit-codes.ts";
import { isBackgroundJob } from "./is-background-job.ts";
import { reportError } from "./output/report-error.ts";
import { runCli } from "./run-cli.ts";

/** The process as the rest of the CLI sees it. The daemon's bundle lies beside ours. */
function processCli(): CliProcess {
  const { stdin, stdout, stderr, env } = process;
  const paths = tswslPaths(env);
  const program = fileURLToPath(new URL("daemon.mjs", import.meta.url));
  return {
    stdin,
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    paths,
    events: process,
    isBackground: isBackgroundJob(),
    daemon: new DaemonConnection({ paths, program, env }),
  };
}

/** Ends when all that was written has reached the system: a pipe or a terminal may be slower than we are. */
async function exitFlushed(status: number): Promise<never> {
  await Promise.all(
    [process.stdout, process.stderr].map(async (stream) => {
      if (!stream.writable) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      stream.write("", () => resolve());
      await promise;
    }),
  );
  process.exit(status);
}

const args = process.argv.slice(2);

/** A verb's answer that cannot be written ends it. A command deals with its own output, see run/copy-output.ts. */
function outputFailed(error: NodeJS.ErrnoException): void {
  if (!isVerb(args)) return;
  // Whoever read our output has had enough: the quiet end that SIGPIPE gives other programs. Node ignores that signal.
  if (error.code === "EPIPE") process.exit(BROKEN_PIPE);
  reportError(process.stderr, error, false);
  process.exit(1);
}

process.stdout.on("error", outputFailed);
process.stderr.on("error", outputFailed);
process.on("uncaughtException", (error) => {
  reportError(process.stderr, error, false);
  process.exit(exitCode("internal", isVerb(args) ? "verb" : "run"));
});

await exitFlushed(await runCli(args, processCli()));
