// Builds the kernel of the utility VM from Debian's kernel source, guest/kernel/*.patch and tswsl.config; see docs/guest.md.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "./lib/cache-folder.ts";
import { contentKey, ensureEntry } from "./lib/content-cache.ts";
import { parseFragment, unmetLines } from "./lib/kernel-config.ts";
import { applyPatches, type KernelPatch, readPatches } from "./lib/kernel-patches.ts";
import { findKernelSource, type KernelSource } from "./lib/kernel-source.ts";
import { Progress } from "./lib/progress.ts";
import { requireSpace, requireTools } from "./lib/require-tools.ts";
import { run } from "./lib/run.ts";
import { interruptSignal, runAsScript } from "./lib/script-main.ts";
import { ScriptError } from "./lib/script-error.ts";

/** Raise it when the steps below change what comes out. */
const RECIPE = "1";
const FOLDER = join(import.meta.dirname, "../guest/kernel");
const FRAGMENT = join(FOLDER, "tswsl.config");
/** Measured: source and objects together, with a quarter to spare. */
const SPACE = 2.6e9;
/** Measured; only to say how far the build has come. */
const EXPECTED_OBJECTS = 2060;

const TOOLS = {
  gcc: "gcc",
  make: "make",
  flex: "flex",
  bison: "bison",
  bc: "bc",
  lz4: "lz4",
  patch: "patch",
  xz: "xz-utils",
  perl: "perl",
  "/usr/include/gelf.h": "libelf-dev",
  "/usr/include/stdio.h": "libc6-dev",
};

/** What makes two builds of one source equal: the kernel would otherwise name the builder and the hour. */
const ENVIRONMENT = {
  KBUILD_BUILD_USER: "tswsl",
  KBUILD_BUILD_HOST: "tswsl",
  KBUILD_BUILD_TIMESTAMP: "1970-01-01 00:00:00 UTC",
  KBUILD_BUILD_VERSION: "1",
  // A person's own settings for other kernels.
  ARCH: "x86_64",
  CROSS_COMPILE: "",
  MAKEFLAGS: "",
};

/** The folder with `vmlinux`, `bzImage`, `config` and `kernel.json`, built first where it is missing. */
export async function ensureKernel(
  signal: AbortSignal = interruptSignal(),
  progress: Progress = new Progress(),
): Promise<string> {
  const source = findKernelSource();
  const fragment = readFileSync(FRAGMENT, "utf8");
  const patches = readPatches(FOLDER);
  const entry = {
    folder: join(cacheFolder(), "kernel"),
    key: contentKey(RECIPE, source.identity, fragment, ...patches.map(({ text }) => text)),
    build: (into: string) => buildKernel({ source, patches, fragment, into, signal, progress }),
  };
  return ensureEntry(entry, signal, progress);
}

interface Build {
  source: KernelSource;
  patches: readonly KernelPatch[];
  fragment: string;
  into: string;
  signal: AbortSignal;
  progress: Progress;
}

async function buildKernel({ source, patches, fragment, into, signal, progress }: Build): Promise<void> {
  requireTools(TOOLS, "building the kernel");
  requireSpace(into, SPACE, "building the kernel");
  const started = Date.now();
  const tree = join(into, "tree");
  mkdirSync(tree);

  progress.say(`kernel: unpacking ${source.tarball}`);
  await unpack(source.tarball, tree, signal, progress);
  const applied = await applyPatches(tree, patches, { signal, progress });

  progress.say("kernel: configuring");
  await configure(tree, fragment, signal);

  progress.say("kernel: compiling (about 15 minutes of processor time)");
  await compile(tree, signal, progress);

  await run("strip", ["-o", join(into, "vmlinux"), join(tree, "vmlinux")], { signal });
  copyFileSync(join(tree, "arch/x86/boot/bzImage"), join(into, "bzImage"));
  copyFileSync(join(tree, ".config"), join(into, "config"));
  writeFileSync(
    join(into, "kernel.json"),
    await describe(tree, into, { source: source.identity, patches: applied }),
  );
  progress.say("kernel: removing the build tree");
  await rm(tree, { recursive: true });
  progress.say(`kernel: built in ${Math.round((Date.now() - started) / 1000)} s`);
}

async function unpack(tarball: string, tree: string, signal: AbortSignal, progress: Progress): Promise<void> {
  let files = 0;
  const onLine = (): void => progress.update(`kernel: unpacked ${++files} files`);
  const args = ["-xvf", tarball, "-C", tree, "--strip-components=1"];
  await run("tar", args, { signal, onLine });
}

async function configure(tree: string, fragment: string, signal: AbortSignal): Promise<void> {
  const options = { signal, cwd: tree, env: ENVIRONMENT };
  writeFileSync(join(tree, "tswsl.config"), fragment);
  await run("make", ["tinyconfig"], options);
  await run("scripts/kconfig/merge_config.sh", ["-m", ".config", "tswsl.config"], options);
  await run("make", ["olddefconfig"], options);

  const definitions = await run(
    "grep",
    ["-rhoE", "--include=Kconfig*", "^\\s*(menu)?config \\w+", "."],
    options,
  );
  const symbols = new Set(definitions.split("\n").map((line) => line.trim().replace(/^\w+ /, "CONFIG_")));
  const unmet = unmetLines(parseFragment(fragment), readFileSync(join(tree, ".config"), "utf8"), symbols);
  if (unmet.length > 0) {
    throw new ScriptError(
      `${unmet.length} lines of guest/kernel/tswsl.config did not take effect:\n  ${unmet.join("\n  ")}`,
      'add what they depend on, or move what this version does not know below the heading "Only in some versions"',
    );
  }
}

async function compile(tree: string, signal: AbortSignal, progress: Progress): Promise<void> {
  let objects = 0;
  const onLine = (line: string): void => {
    if (/^ {2}(CC|AS) /.test(line)) objects++;
    const percent = Math.min(99, Math.floor((objects / EXPECTED_OBJECTS) * 100));
    progress.update(`kernel: ${percent} %, ${line.trim()}`);
  };
  const args = [`-j${availableParallelism()}`, "vmlinux", "bzImage"];
  await run("make", args, { signal, cwd: tree, env: ENVIRONMENT, onLine });
}

/** What others must know of a kernel without starting it: `hz` decides the lpj= on its command line. */
async function describe(
  tree: string,
  into: string,
  origin: { source: string; patches: readonly string[] },
): Promise<string> {
  const config = readFileSync(join(into, "config"), "utf8");
  const files = ["vmlinux", "bzImage"].map((name) => {
    const path = join(into, name);
    const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
    return [name, { size: statSync(path).size, sha256 }] as const;
  });
  const facts = {
    release: readFileSync(join(tree, "include/config/kernel.release"), "utf8").trim(),
    ...origin,
    compiler: /CONFIG_CC_VERSION_TEXT="(.*)"/.exec(config)?.[1],
    hz: Number(/CONFIG_HZ=(\d+)/.exec(config)?.[1]),
    files: Object.fromEntries(files),
  };
  return `${JSON.stringify(facts, null, 2)}\n`;
}

await runAsScript(import.meta.url, async (signal, progress) => {
  const folder = await ensureKernel(signal, progress);
  if (process.argv.includes("--print-path")) process.stdout.write(`${folder}\n`);
  else progress.say(`kernel: ${folder}`);
});
