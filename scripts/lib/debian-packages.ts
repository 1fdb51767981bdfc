import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { lock } from "./machine-lock.ts";
import { run } from "./run.ts";
import { ScriptError } from "./script-error.ts";

export interface DebianPackage {
  name: string;
  version: string;
}

/**
 * The named packages and all that they depend on, in the versions which this machine's apt would install on an empty
 * machine today. Reads apt's local lists only.
 */
export async function resolvePackages(
  names: readonly string[],
  signal: AbortSignal,
): Promise<DebianPackage[]> {
  const asIfEmpty = ["-o", "Dir::State::status=/dev/null", "-o", "APT::Install-Recommends=false"];
  // Reading needs no lock, and an ordinary user could not take it.
  const args = [...asIfEmpty, "-o", "Debug::NoLocking=1", "--simulate", "install", ...names];
  const output = await run("apt-get", args, { signal }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new ScriptError(
      `apt does not know how to install ${names.join(" ")}`,
      "run apt-get update as root; on Ubuntu, enable the universe section. apt-get --simulate install names the culprit",
      error,
    );
  });
  return [...output.matchAll(/^Inst (\S+) \((\S+)/gm)].map(([, name = "", version = ""]) => ({
    name,
    version,
  }));
}

/** Fetches packages into a folder, through apt and so verified by it; those already there are not fetched again. */
export async function fetchPackages(
  packages: readonly DebianPackage[],
  folder: string,
  signal: AbortSignal,
): Promise<string[]> {
  const missing = packages.filter((wanted) => !packageFile(folder, wanted));
  if (missing.length > 0) await download(missing, folder, signal);
  return packages.map((wanted) => {
    const file = packageFile(folder, wanted);
    if (file) return file;
    throw new ScriptError(
      `apt-get download did not bring ${wanted.name} ${wanted.version}`,
      "run apt-get update as root and try again",
    );
  });
}

async function download(
  packages: readonly DebianPackage[],
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const release = await lock(folder, signal, () => {});
  // apt writes in place, so what it fetches becomes visible only when it has finished.
  const partial = join(folder, "partial");
  try {
    await rm(partial, { recursive: true, force: true });
    mkdirSync(partial);
    // apt's own user could not write here; only root has that user to drop to.
    const args = [
      "-o",
      "APT::Sandbox::User=root",
      "-q",
      "download",
      ...packages.map((p) => `${p.name}=${p.version}`),
    ];
    await run("apt-get", args, { signal, cwd: partial });
    for (const file of readdirSync(partial)) renameSync(join(partial, file), join(folder, file));
  } catch (error) {
    if (signal.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ScriptError(
      `apt could not download ${packages.length} packages: ${reason}`,
      "check the network and the mirrors in /etc/apt, run apt-get update as root, and try again",
      error,
    );
  } finally {
    await rm(partial, { recursive: true, force: true });
    release();
  }
}

/** Where a package is in a folder, under the name that apt gives it. */
function packageFile(folder: string, { name, version }: DebianPackage): string | undefined {
  const stem = join(folder, `${name}_${version.replaceAll(":", "%3a")}`);
  return ["amd64", "all"].map((machine) => `${stem}_${machine}.deb`).find((file) => existsSync(file));
}
