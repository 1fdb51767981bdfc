import { execFile, spawn, type ChildProcess } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { networkInterfaces, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Instance } from "../tests/support/instance.ts";

const run = promisify(execFile);
const SSH_PORT = 20_022;
const SMB_PORT = 20_445;

/**
 * A QEMU that also has QEMU's own 9P server for the folder (`-fsdev local`), first in a PATH for the daemon: the product
 * knows nothing of it.
 */
export async function wrapQemu(directory: string, folder: string): Promise<string> {
  const wrapper = join(directory, "qemu-system-x86_64");
  const { stdout } = await run("which", ["qemu-system-x86_64"]);
  const real = stdout.trim();
  const device = "virtio-9p-device,fsdev=bench,mount_tag=bench";
  const more = `-fsdev local,id=bench,path=${folder},security_model=none -device ${device}`;
  await writeFile(
    wrapper,
    `#!/bin/sh\ncase " $* " in *microvm*) exec ${real} "$@" ${more};; esac\nexec ${real} "$@"\n`,
  );
  await chmod(wrapper, 0o755);
  return `${directory}:${process.env["PATH"] ?? ""}`;
}

/** The servers of sshfs and SMB on this host, on the address that its network has: the VM cannot reach loopback. */
export class PeerServers {
  readonly #address: string;
  readonly #directory: string;
  readonly #folder: string;
  readonly #running: ChildProcess[] = [];

  constructor(directory: string, folder: string) {
    const external = Object.values(networkInterfaces())
      .flat()
      .find((entry) => entry?.family === "IPv4" && !entry.internal);
    if (!external) throw new Error("sshfs and SMB need an address of this host that is not loopback");
    this.#address = external.address;
    this.#directory = directory;
    this.#folder = folder;
  }

  async start(instance: Instance): Promise<void> {
    await this.#startSsh(instance);
    await this.#startSamba();
  }

  /** Shell lines that mount each peer in the distro. */
  get mounts(): ReadonlyMap<string, string> {
    const [address, folder, user] = [this.#address, this.#folder, userInfo().username];
    return new Map([
      [
        "virtio-9p",
        "mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288,cache=mmap bench /mnt/virtio-9p",
      ],
      [
        "sshfs",
        `sshfs -p ${SSH_PORT} -o IdentityFile=/root/bench-key,StrictHostKeyChecking=no,UserKnownHostsFile=/dev/null ` +
          `${user}@${address}:${folder} /mnt/sshfs`,
      ],
      [
        "SMB",
        `mount -t cifs -o port=${SMB_PORT},guest,vers=3.1.1,mfsymlinks,noperm //${address}/bench /mnt/SMB`,
      ],
    ]);
  }

  async stop(): Promise<void> {
    for (const child of this.#running) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGTERM");
      await ended;
    }
  }

  async #startSsh(instance: Instance): Promise<void> {
    const [hostKey, key] = [join(this.#directory, "host-key"), join(this.#directory, "key")];
    for (const file of [hostKey, key]) await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
    await mkdir("/run/sshd", { recursive: true });
    const options = {
      Port: SSH_PORT,
      ListenAddress: this.#address,
      HostKey: hostKey,
      AuthorizedKeysFile: `${key}.pub`,
      StrictModes: "no",
      PidFile: "none",
      Subsystem: "sftp internal-sftp",
    };
    const args = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
    this.#run("/usr/sbin/sshd", ["-D", "-e", "-f", "/dev/null", ...args]);
    await instance.ok(["cp", key, "debian:/root/bench-key"]);
    await instance.ok(["-d", "debian", "-u", "root", "--", "chmod", "600", "/root/bench-key"]);
  }

  async #startSamba(): Promise<void> {
    const state = join(this.#directory, "samba");
    await mkdir(state);
    const places = ["lock", "state", "cache", "pid"].map((name) => `${name} directory = ${state}`);
    const file = join(this.#directory, "smb.conf");
    await writeFile(
      file,
      `[global]\n${places.join("\n")}\nprivate dir = ${state}\nncalrpc dir = ${state}/rpc\n` +
        `smb ports = ${SMB_PORT}\ninterfaces = ${this.#address}\nbind interfaces only = yes\n` +
        `map to guest = bad user\nguest account = ${userInfo().username}\nload printers = no\n` +
        `[bench]\npath = ${this.#folder}\nguest ok = yes\nread only = no\n`,
    );
    this.#run("/usr/sbin/smbd", ["--foreground", "--no-process-group", "--debug-stdout", "-s", file]);
  }

  #run(program: string, args: readonly string[]): void {
    // smbd ends with its whole process group, which must not be ours.
    this.#running.push(spawn(program, args, { stdio: "ignore", detached: true }));
  }
}
