import type { Duplex } from "node:stream";
import type { ClientExecHeader } from "../protocol/daemon.ts";
import type { ExecHeader } from "../protocol/guest.ts";
import type { DistroUse } from "./lifecycle.ts";
import type { DistroRecord } from "./registry.ts";

/** What every session in a distro has in its environment, unless the client says otherwise. */
const sessionEnvironment = (record: DistroRecord): Record<string, string> => ({
  HOSTTYPE: "x86_64",
  WSL_DISTRO_NAME: record.name,
});

/** Opens the guest's stream for a client's command. The caller splices it to the client and releases the use. */
export async function openCommand(
  use: DistroUse,
  record: DistroRecord,
  header: ClientExecHeader,
  signal: AbortSignal,
): Promise<Duplex> {
  const guestHeader: ExecHeader = {
    kind: "exec",
    distro: record.id,
    user: header.user ?? use.started.defaultUser,
    cwd: header.cwd,
    shell: header.shell,
    argv: header.argv,
    env: { ...sessionEnvironment(record), ...header.env },
    tty: header.tty,
    stdin: header.stdin,
    stdout: header.stdout,
    stderr: header.stderr,
  };
  return use.agent.openStream(guestHeader, signal);
}
