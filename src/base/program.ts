import { isSea } from "node:sea";

/** The first argument that makes the single executable the daemon. No distribution's command line begins with it. */
const DAEMON_ARGUMENT = "--serve";

/** Followed by a question: the program is the host tool (protocol/host.ts) and nothing else. */
const HOST_ARGUMENT = "--ask-host";

/** The daemon's status where the lock is taken: another one runs, starts or stops. EX_TEMPFAIL of sysexits.h. */
export const LOCKED = 75;

/**
 * The daemon's status on Windows after it was asked to end, by which its service knows that it shall not start it again
 * (native/service/supervisor.cpp). Not zero: that is also the status of a process which another one has ended.
 */
export const ENDED_AS_ASKED = 100;

/** True in the single executable (tswsl.exe) when it was started as the daemon. */
export function isDaemonProgram(argv: readonly string[] = process.argv): boolean {
  return argv[2] === DAEMON_ARGUMENT && argv.length === 3;
}

/**
 * The command that starts the daemon: the single executable itself, or, where CLI and daemon are bundles of their own,
 * this very Node with the daemon's bundle.
 */
export function daemonCommand(bundle: string, inOneExecutable = isSea()): readonly [string, ...string[]] {
  return [process.execPath, inOneExecutable ? DAEMON_ARGUMENT : bundle];
}

/** The question for the host tool that this program was started with; undefined when it is not the host tool. */
export function hostQuestion(argv: readonly string[] = process.argv): readonly string[] | undefined {
  return argv[2] === HOST_ARGUMENT ? argv.slice(3) : undefined;
}

/** The command that asks the host tool, which is the daemon's program without a daemon. */
export function hostCommand(
  bundle: string,
  question: readonly string[],
  inOneExecutable = isSea(),
): readonly [string, ...string[]] {
  return [process.execPath, ...(inOneExecutable ? [] : [bundle]), HOST_ARGUMENT, ...question];
}
