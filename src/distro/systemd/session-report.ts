import { sessionUnit } from "./runtime-units.ts";

/** What a user's session gives to each of the user's commands. */
export interface UserSession {
  readonly env: Readonly<Record<string, string>>;
  /** As the distro sees it; null when there is no session. */
  readonly cgroup: string | null;
}

export const noSession: UserSession = { env: {}, cgroup: null };

/** The script's status when there is no such user: the command itself will say so. */
export const STATUS_NO_USER = 3;

/**
 * Starts the session of the user in `$1` and prints the cgroup and the environment of the process that holds it, once
 * PAM has made them. Fails when PAM refuses; what there is of the user's own systemd is printed even then.
 */
export const SESSION_SCRIPT = `uid=$(id -u "$1" 2>/dev/null) || exit ${STATUS_NO_USER}
unit=${sessionUnit("$uid")}
fail() {
  echo "$1" >&2
  [ -d "/run/user/$uid" ] && echo "XDG_RUNTIME_DIR=/run/user/$uid"
  [ -S "/run/user/$uid/bus" ] && echo "DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/$uid/bus"
  exit 1
}
systemctl start "$unit" || fail "$unit could not be started"
pid=$(systemctl show --property=MainPID --value "$unit")
while :; do
  read -r name 2>/dev/null < "/proc/$pid/comm" || fail "$unit has failed"
  [ "$name" = sleep ] && break
  sleep 0.05
done
cat "/proc/$pid/cgroup" && tr '\\0' '\\n' < "/proc/$pid/environ"`;

/** A session's own variables; everything else is the business of the user's login. */
const kept = new Set([
  "XDG_SESSION_ID",
  "XDG_SESSION_CLASS",
  "XDG_SESSION_TYPE",
  "XDG_RUNTIME_DIR",
  "DBUS_SESSION_BUS_ADDRESS",
]);
/** The agent takes no longer path; nobody has one. */
const MAX_PATH = 1024;

/** Reads the script's output. Never throws: the distro may print anything. */
export function parseSession(output: string): UserSession {
  const lines = output.split("\n");
  // cgroups(7): version 2 is hierarchy 0.
  const cgroup = lines.find((line) => line.startsWith("0::/"))?.slice("0::".length);
  const env = Object.fromEntries(
    lines.flatMap((line) => {
      const at = line.indexOf("=");
      const name = line.slice(0, Math.max(at, 0));
      return kept.has(name) ? [[name, line.slice(at + 1)]] : [];
    }),
  );
  const usable = cgroup !== undefined && cgroup.length <= MAX_PATH && !`${cgroup}/`.includes("/../");
  return { env, cgroup: usable ? cgroup : null };
}
