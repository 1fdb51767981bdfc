import { inDebian } from "./debian.ts";
import type { Instance } from "./instance.ts";

const FILES = [
  "bin/sh",
  "bin/cat",
  "bin/head",
  "bin/rm",
  "bin/sleep",
  "bin/tail",
  "etc/os-release",
  "etc/passwd",
  "etc/group",
  "lib64/ld-linux-x86-64.so.2",
  "lib/x86_64-linux-gnu/libc.so.6",
];

/** Installs a distro of a shell and a few programs, taken from Debian: 3 MB, in a second. */
export async function installSmall(
  instance: Instance,
  name: string,
  options: readonly string[] = [],
): Promise<void> {
  const packed = await inDebian(`tar -C / -chf - ${FILES.join(" ")}`);
  if (packed.status !== 0) throw new Error(`packing a small distro: ${packed.stderr}`);
  await instance.ok(["install", "--from-file", "-", "--name", name, ...options], { input: packed.stdout });
}
