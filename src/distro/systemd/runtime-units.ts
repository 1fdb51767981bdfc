/** A file below `/run/systemd/system`. An empty unit is a masked one: systemd.unit(5). */
export interface RuntimeUnit {
  readonly path: string;
  readonly content: string;
}

/** `%i` is the number of a user. */
export const sessionUnit = (uid: number | string): string => `tswsl-session@${uid}.service`;

/**
 * One for each user who runs a command: a login session for logind, by PAM, so that the user's own systemd runs and
 * `systemctl --user` finds it. The process only holds the session open; commands join the session's cgroup.
 *
 * The user manager is wanted as well as started by pam_systemd, for distros without libpam-systemd. Not `Type=exec`:
 * systemd 252 then waits for ever, because PAM's helper process keeps the descriptor that would tell it.
 */
const session: RuntimeUnit = {
  path: sessionUnit(""),
  content: `[Unit]
Description=tswsl session of user %i
Wants=user@%i.service
After=user@%i.service systemd-user-sessions.service systemd-logind.service dbus.service

[Service]
User=%i
PAMName=login
Environment=XDG_SESSION_CLASS=user
ExecStart=/bin/sleep infinity
`,
};

/** A command that ignores SIGTERM and SIGHUP must not hold up the stop of its distro for systemd's 90 s. */
const sessionStop: RuntimeUnit = {
  path: "session-.scope.d/50-tswsl.conf",
  content: `[Scope]
TimeoutStopSec=3s
`,
};

/**
 * Units that can only wait or fail here; an administrator's own unit of the same name, in /etc, wins.
 * - the address is there before systemd is, and no network manager is told of it;
 * - nobody sits at the console, and systemd-firstboot would ask there and wait;
 * - no kernel module can be loaded in this VM.
 */
const masked: readonly RuntimeUnit[] = [
  "systemd-networkd-wait-online.service",
  "NetworkManager-wait-online.service",
  "console-getty.service",
  "systemd-firstboot.service",
  "systemd-modules-load.service",
].map((path) => ({ path, content: "" }));

/** What tswsl adds to the units of a distro, for as long as it runs. */
export const runtimeUnits: readonly RuntimeUnit[] = [session, sessionStop, ...masked];
