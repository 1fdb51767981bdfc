import { setTimeout as delay } from "node:timers/promises";
import { cancelled } from "../../base/deadline.ts";
import { TswslError } from "../../base/errors.ts";
import { type HostSecurity, wellKnown, win32 } from "../../base/windows/host-security.ts";

/** Between two looks at a pipe that is not ready: all of its instances are being connected to, or it is being made. */
const LOOK_MS = 20;
/** So often. */
const LOOKS = 250;

/**
 * Makes sure that what serves this pipe is our own daemon, or a service's: any user may take a pipe's name first, and
 * would read what we type. Who owns the name alone can add instances to it. Answers false when there is no such pipe.
 * Raises `permission`.
 */
export async function checkPipeServer(
  pipe: string,
  security: HostSecurity,
  signal: AbortSignal,
): Promise<boolean> {
  const token = security.processToken();
  const trusted = new Set([token.user, token.owner, wellKnown.system, wellKnown.administrators]);
  for (let look = 1; ; look++) {
    const { error, owner, process } = await security.pipeServer(pipe);
    if (error === win32.fileNotFound) return false;
    if (error === 0 && owner !== null && trusted.has(owner)) return true;
    const isReady = error === 0 ? owner !== null : error !== win32.pipeBusy;
    if (isReady || look === LOOKS) throw stranger(pipe, complaint(error, owner), process);
    await delay(LOOK_MS, undefined, { signal }).catch(() => {
      throw cancelled(signal);
    });
  }
}

function complaint(error: number, owner: string | null): string {
  if (error === 0) return owner === null ? "has no owner" : `is ${owner}'s`;
  if (error === win32.pipeBusy) return "is always busy";
  return error === win32.accessDenied ? "does not let us in" : `cannot be opened (Windows error ${error})`;
}

function stranger(pipe: string, what: string, process: number): TswslError {
  const see =
    process === 0 ? "See which programs run: tasklist" : `See what it is: tasklist /fi "PID eq ${process}"`;
  return new TswslError("permission", `the pipe ${pipe} must be your own daemon's, but ${what}`, {
    hint: see,
  });
}
