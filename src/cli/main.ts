import { join } from "node:path";
import { isatty } from "node:tty";
import { tswslPaths } from "../base/files.ts";
import { isVerb } from "./arguments/classify.ts";
import type { CliProcess, OutputStream } from "./cli.ts";
import { DaemonConnection } from "./daemon/daemon-connection.ts";
import { BROKEN_PIPE, exitCode } from "./exit-codes.ts";
import { isBackgroundJob } from "./is-background-job.ts";
import { reportError } from "./output/report-error.ts";
import { stty } from "./run/stty.ts";
import { runCli } from "./run-cli.ts";
import { leaveTerminalAlone, standardOutput } from "./standard-outputs.ts";

const outputs: Partial<Record<1 | 2, OutputStream>> = {};

function output(fd: 1 | 2): OutputStream {
  return (outputs[fd] ??= standardOutput(fd).on("error", outputFailed));
}

/**
 * The process as the rest of the CLI sees it. The daemon's bundle lies beside ours. Node takes 10 ms to make the standard
 * streams: each is made when it is first used, and that is when a command is on its way already.
 */
function processCli(): CliProcess {
  const { env } = process;
  const paths = tswslPaths(env);
  const program = join(import.meta.dirname, "daemon.mjs");
  return {
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return output(1);
    },
    get stderr() {
      return output(2);
    },
    isTerminal: isatty,
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
    Object.values(outputs).map(async (stream) => {
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
  reportError(output(2), error, false);
  exit(1);
}

process.on("uncaughtException", (error) => {
  reportError(output(2), error, false);
  exit(exitCode("internal", isVerb(args) ? "verb" : "run"));
});

void runCli(args, processCli()).then(exitFlushed);
