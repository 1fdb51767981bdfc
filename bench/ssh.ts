import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Instance } from "../tests/support/instance.ts";

const run = promisify(execFile);

/**
 * ssh with ControlMaster to sshd in the distro, as Lima runs commands. The connection of the master is a tswsl command
 * (`ProxyCommand`), since no port of the VM is reachable from the host; every later ssh only talks to the master.
 */
export class Ssh {
  /** For `ssh -F`, or sshfs: the host `debian` is the distro. */
  readonly configuration: string;

  private constructor(configuration: string) {
    this.configuration = configuration;
  }

  static async open(instance: Instance): Promise<Ssh> {
    const inside = (line: string, timeoutMs = 600_000) =>
      instance.ok(["-d", "debian", "--", "sh", "-c", line], { timeoutMs });
    await inside("apt-get -qq update && apt-get -qq install -y openssh-server >/dev/null 2>&1");
    const key = join(instance.home, "ssh-key");
    await rm(key, { force: true });
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    const publicKey = await readFile(`${key}.pub`, "utf8");
    await inside(`mkdir -p /run/sshd /root/.ssh && echo '${publicKey.trim()}' > /root/.ssh/authorized_keys`);
    const options = {
      User: "root",
      IdentityFile: key,
      ControlMaster: "auto",
      ControlPath: join(instance.home, "ssh"),
      ControlPersist: "3600",
      StrictHostKeyChecking: "no",
      UserKnownHostsFile: "/dev/null",
      LogLevel: "ERROR",
      ProxyCommand: `env TSWSL_HOME=${instance.home} ${resolve("bin/tswsl")} -d debian -u root -e /usr/sbin/sshd -i`,
    };
    const lines = Object.entries(options).map(([name, value]) => `  ${name} ${value}\n`);
    const configuration = join(instance.home, "ssh-config");
    await writeFile(configuration, `Host debian\n${lines.join("")}`);
    const ssh = new Ssh(configuration);
    await ssh.run("true");
    return ssh;
  }

  /** Runs a line in the distro, its output dropped. */
  async run(line: string): Promise<void> {
    await run("sh", ["-c", 'exec ssh "$@" > /dev/null', "sh", "-F", this.configuration, "debian", line]);
  }

  async close(): Promise<void> {
    await run("ssh", ["-F", this.configuration, "-O", "exit", "debian"]);
  }
}
