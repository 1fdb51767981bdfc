/**
 * Fills dist/windows with what a Windows host needs: tswsl.exe, its native parts, and in guest/ what the VM is made of.
 * `node scripts/build-windows.ts`
 */
import { link, copyFile, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { ensureAgent } from "./build-agent.ts";
import { ensureImage } from "./build-image.ts";
import { buildInitramfs } from "./build-initramfs.ts";
import { ensureKernel } from "./build-kernel.ts";
import { fileServerBundle } from "./lib/bundle-file-server.ts";
import { writeManifest } from "./lib/guest-manifest.ts";
import { packageVersion } from "./lib/package-version.ts";
import type { Progress } from "./lib/progress.ts";
import { runAsScript } from "./lib/script-main.ts";
import { placeNative } from "./windows/build-native.ts";
import { ensureKoffiForWindows } from "./windows/koffi-for-windows.ts";
import { bundleMain } from "./windows/bundle-main.ts";
import { makeFixedVhd } from "./windows/fixed-vhd.ts";
import { ensureNodeForWindows } from "./windows/node-for-windows.ts";
import { makeSingleExecutable } from "./windows/single-executable.ts";

const ROOT = join(import.meta.dirname, "..");
const TARGET = join(ROOT, "dist/windows");

async function buildProgram(scratch: string, signal: AbortSignal, progress: Progress): Promise<void> {
  const node = await ensureNodeForWindows(signal, progress);
  const main = join(scratch, "main.cjs");
  await bundleMain(main);
  const facts = {
    version: packageVersion(),
    description: "tswsl, a Linux subsystem manager",
    fileName: "tswsl.exe",
  };
  await makeSingleExecutable({ node, main, facts, target: join(TARGET, facts.fileName), scratch }, signal);
  await build({
    ...fileServerBundle(join(TARGET, "file-server.cjs")),
    sourcemap: false,
    legalComments: "inline",
  });
}

/** HCS boots the bzImage and attaches a VHD; QEMU, the second choice on Windows, starts the ELF and takes the VHD as raw. */
async function placeGuest(signal: AbortSignal, progress: Progress): Promise<void> {
  const guest = join(TARGET, "guest");
  await mkdir(guest, { recursive: true });
  const kernel = await ensureKernel(signal, progress);
  for (const name of ["bzImage", "vmlinux"]) await place(join(kernel, name), join(guest, name));
  await buildInitramfs(await ensureAgent(signal, progress), join(guest, "initrd.img"));
  const image = join(guest, "system.vhd");
  await makeFixedVhd(join(await ensureImage({}, signal, progress), "system.erofs"), `${image}.partial`);
  await rename(`${image}.partial`, image);
  writeManifest(guest, ["bzImage", "vmlinux", "initrd.img", "system.vhd"]);
}

/** A hard link where the cache is on the same file system, else a copy. */
async function place(from: string, to: string): Promise<void> {
  await rm(to, { force: true });
  await link(from, to).catch(() => copyFile(from, to));
}

await runAsScript(import.meta.url, async (signal, progress) => {
  await mkdir(TARGET, { recursive: true });
  const scratch = await mkdtemp(join(tmpdir(), "tswsl-build-"));
  try {
    await placeNative(signal, progress);
    await place(await ensureKoffiForWindows(signal, progress), join(TARGET, "koffi.node"));
    await buildProgram(scratch, signal, progress);
    await placeGuest(signal, progress);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
});
