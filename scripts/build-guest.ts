/**
 * Fills dist/guest with what the VM is made of: kernel, system image, and the initramfs with the agent. Each comes
 * from the cache when its inputs have not changed. `node scripts/build-guest.ts`
 */
import { copyFile, link, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ensureAgent } from "./build-agent.ts";
import { ensureImage } from "./build-image.ts";
import { buildInitramfs } from "./build-initramfs.ts";
import { ensureKernel } from "./build-kernel.ts";
import { writeManifest } from "./lib/guest-manifest.ts";

const target = "dist/guest";

/** A hard link where the cache is on the same file system, else a copy. */
async function place(from: string, name: string): Promise<void> {
  const to = join(target, name);
  await rm(to, { force: true });
  await link(from, to).catch(() => copyFile(from, to));
}

await mkdir(target, { recursive: true });
const kernel = await ensureKernel();
await place(join(kernel, "vmlinux"), "vmlinux");
await place(join(kernel, "bzImage"), "bzImage");
await place(join(await ensureImage(), "system.erofs"), "system.erofs");
await buildInitramfs(await ensureAgent(), join(target, "initrd.img"));
writeManifest(target, ["vmlinux", "bzImage", "system.erofs", "initrd.img"]);
