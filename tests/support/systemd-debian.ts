import { shared } from "./debian.ts";
import type { Result, RunOptions } from "./instance.ts";

const PACKAGES = "systemd-sysv,dbus,libpam-systemd,dbus-user-session,udev,docker.io,iptables";

/** A user of it beside root. */
export const USER = "ada";

/**
 * A Debian with systemd and Docker in the shared instance, which keeps it: whichever test comes first installs it.
 * Docker's daemon waits behind its socket, so that a boot does not include its start.
 */
export async function installSystemdDebian(): Promise<void> {
  const instance = shared();
  const names = (await instance.ok(["list", "-q"])).split("\n");
  if (!names.includes("sysd")) {
    const install = ["install", "debian", "--bootstrap", "--include", PACKAGES, "--name", "sysd"];
    await instance.ok(install, { timeoutMs: 290_000 });
  }
  await inSystemd(`
printf '[boot]\\nsystemd = true\\ninitTimeout = 100000\\n' > /etc/wsl.conf
id ${USER} || useradd --create-home --shell /bin/bash ${USER}
systemctl disable --quiet docker.service containerd.service
systemctl enable --quiet docker.socket`);
  await instance.ok(["terminate", "sysd"]);
}

/** Runs a shell line in it, as root unless told. */
export const inSystemd = (line: string, options?: RunOptions & { user?: string }): Promise<Result> =>
  shared().run(["-d", "sysd", "-u", options?.user ?? "root", "--", "sh", "-c", line], options);
