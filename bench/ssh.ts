import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Instance } from "../tests/support/instance.ts";

const run = promisify(execFile);

/**
 * ssh with ControlMaster to sshd in the distro, as Lima runs commands. The connection of the master is a tswsl command
 * (`ProxyCommand`), since no port of the VM is reachable from the host; every later ssh only talks to the master.
 */
export class Ssh {
  readonly #arguments: readonly string[];

  private constructor(args: readonly string[]) {
    this.#arguments = args;
  }

  static async open(instance: Instance): Promise<Ssh> {
    const inside = (line: string, timeoutMs = 600_000) =>
      instance.ok(["-d", "debian", "--", "sh", "-c", line], { timeoutMs });
    await inside("apt-get -qq update && apt-get -qq install -y openssh-server >/dev/null 2>&1");
    const key = join(instance.home, "ssh-key");
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    const publicKey = await readFile(`${key}.pub`, "utf8");
    await inside(`mkdir -p /run/sshd /root/.ssh && echo '${publicKey.trim()}' > /root/.ssh/authorized_keys`);
    const proxy = `env TSWSL_HOME=${instance.home} ${resolve("bin/tswsl")} -d debian -u root -e /usr/sbin/sshd -i`;
    const options = {
      ControlMaster: "auto",
      ControlPath: join(instance.home, "ssh"),
      ControlPersist: "3600",
      StrictHostKeyChecking: "no",
      UserKnownHostsFile: "/dev/null",
      LogLevel: "ERROR",
      ProxyCommand: proxy,
    };
    const ssh = new Ssh([
      "-F",
      "/dev/null",
      "-i",
      key,
      ...Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
    ]);
    await ssh.run("true");
    return ssh;
  }

  /** Runs a line in the distro, its output dropped. */
  async run(line: string): Promise<void> {
    await run("sh", ["-c", 'exec ssh "$@" > /dev/null', "sh", ...this.#arguments, "root@debian", line]);
  }

  async close(): Promise<void> {
    await run("ssh", [...this.#arguments, "-O", "exit", "root@debian"]);
  }
}
