import { join } from "node:path";
import { tswslPaths } from "../base/files.ts";
import { isVerb } from "./arguments/classify.ts";
import type { CliProcess } from "./cli.ts";
import { DaemonConnection } from "./daemon/daemon-connection.ts";
import { BROKEN_PIPE, exitCode } from "./exit-codes.ts";
import { isBackgroundJob } from "./is-background-job.ts";
import { reportError } from "./output/report-error.ts";
import { stty } from "./run/stty.ts";
import { runCli } from "./run-cli.ts";
import { leaveTerminalAlone, standardOutput } from "./standard-outputs.ts";

const [stdout, stderr] = [standardOutput(1), standardOutput(2)];

/** The process as the rest of the CLI sees it. The daemon's bundle lies beside ours. */
function processCli(): CliProcess {
  const { stdin, env } = process;
  const paths = tswslPaths(env);
  const program = join(import.meta.dirname, "daemon.mjs");
  return {
    stdin,
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    paths,
    events: process,
    isBackground: isBackgroundJob,
    stty,
    daemon: new DaemonConnection({ paths, program, env }),
  };
}

/** Ends when all that was written has reached the system: a pipe or a terminal may be slower than we are. */
async function exitFlushed(status: number): Promise<never> {
  await Promise.all(
    [stdout, stderr].map(async (stream) => {
      if (!stream.writable) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      stream.write("", () => resolve());
      await promise;
    }),
  );
  exit(status);
}

/** The last listener of all: those before it give the terminal back. */
function exit(status: number): never {
  process.on("exit", leaveTerminalAlone);
  process.exit(status);
}

const args = process.argv.slice(2);

/** A verb's answer that cannot be written ends it. A command deals with its own output, see run/copy-output.ts. */
function outputFailed(error: NodeJS.ErrnoException): void {
  if (!isVerb(args)) return;
  // Whoever read our output has had enough: the quiet end that SIGPIPE gives other programs. Node ignores that signal.
  if (error.code === "EPIPE") exit(BROKEN_PIPE);
  reportError(stderr, error, false);
  exit(1);
}

stdout.on("error", outputFailed);
stderr.on("error", outputFailed);
process.on("uncaughtException", (error) => {
  reportError(stderr, error, false);
  exit(exitCode("internal", isVerb(args) ? "verb" : "run"));
});

void runCli(args, processCli()).then(exitFlushed);
