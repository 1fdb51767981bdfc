import type { ErrorCode } from "../base/errors.ts";

/** Exit status of a verb that failed, by error code. Stable: scripts rely on it; documented in docs/cli.md. */
export const exitCodes = {
  internal: 1,
  "invalid-argument": 2,
  "not-found": 3,
  exists: 4,
  "invalid-state": 5,
  unsupported: 6,
  permission: 7,
  unavailable: 8,
  timeout: 9,
  disconnected: 10,
  protocol: 11,
  cancelled: 130,
} as const satisfies Record<ErrorCode, number>;

/** tswsl's own failure while a command was to be run: 0 to 124 and 126 up belong to the command, as with env(1). */
const RUN_FAILED = 125;

/** Done, but Windows must be restarted first. Its own status for that, 3010, has no place in the eight bits of others. */
export const RESTART_NEEDED = 12;

/** 128 + SIGPIPE: whoever read our output has had enough. */
export const BROKEN_PIPE = 141;

/** A shell's status for a command that a signal ended. */
export function signalStatus(signal: number): number {
  return 128 + signal;
}

/** The status for a failure; running a command keeps all but cancellation to one status of its own. */
export function exitCode(code: ErrorCode, invocation: "run" | "verb"): number {
  if (invocation === "verb" || code === "cancelled") return exitCodes[code];
  return RUN_FAILED;
}
