import { isSea } from "node:sea";

/** The first argument that makes the single executable the daemon. No distribution's command line begins with it. */
const DAEMON_ARGUMENT = "--serve";

/** The daemon's status where the lock is taken: another one runs, starts or stops. EX_TEMPFAIL of sysexits.h. */
export const LOCKED = 75;

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
