import { TswslError } from "../base/errors.ts";
import { accessFor, type HostSecurity, wellKnown } from "../base/windows/host-security.ts";

/**
 * Closes a pipe that this process listens on to all but its user, SYSTEM, administrators and the owner of the state
 * directory, whose daemon this is also when a service runs it. Until then Windows' default lets everyone read from it,
 * and nobody else write; the daemon says nothing to who says nothing.
 *
 * @param more SIDs of further accounts.
 */
export async function protectPipe(
  security: HostSecurity,
  pipe: string,
  { home, more = [] }: { home: string; more?: readonly string[] },
): Promise<void> {
  const { user } = security.processToken();
  const { owner } = await security.fileOwner(home);
  const accounts = [wellKnown.system, wellKnown.administrators, user, owner, ...more];
  const error = await security.setPipeAccess(pipe, accessFor(accounts.filter((sid) => sid !== null)));
  if (error === 0) return;
  throw new TswslError(
    "permission",
    `cannot close the pipe ${pipe} to other users (Windows error ${error})`,
    {
      hint: `See what the error means: net helpmsg ${error}`,
    },
  );
}
