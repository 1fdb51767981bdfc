import type { Duplex } from "node:stream";
import type { ClientExecHeader } from "../protocol/daemon.ts";
import type { ExecHeader } from "../protocol/guest.ts";
import type { DistroUse } from "./lifecycle.ts";
import type { DistroRecord } from "./registry.ts";
import { noSession } from "./systemd/session-report.ts";

/** What every session in a distro has in its environment, unless the client says otherwise. */
const sessionEnvironment = (record: DistroRecord): Record<string, string> => ({
  HOSTTYPE: "x86_64",
  WSL_DISTRO_NAME: record.name,
});

/**
 * Opens the guest's stream for a client's command, in the user's session where the distro has systemd. The caller splices it to the client and releases the use.
 */
export async function openCommand(
  use: DistroUse,
  record: DistroRecord,
  header: ClientExecHeader,
  call: { signal: AbortSignal; warn: (warning: string) => void },
): Promise<Duplex> {
  const { defaultUser, sessions } = use.started;
  const user = header.user ?? defaultUser;
  const session = sessions ? await sessions.of(user, call.signal, call.warn) : noSession;
  const guestHeader: ExecHeader = {
    kind: "exec",
    distro: record.id,
    user,
    cwd: header.cwd,
    shell: header.shell,
    argv: header.argv,
    env: { ...sessionEnvironment(record), ...session.env, ...header.env },
    cgroup: session.cgroup,
    tty: header.tty,
    stdin: header.stdin,
    stdout: header.stdout,
    stderr: header.stderr,
  };
  return use.agent.openStream(guestHeader, call.signal);
}
