import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { ScriptError } from "./script-error.ts";

/** Where linux-source packages put their tarball. */
const SOURCES = "/usr/src";

export interface KernelSource {
  tarball: string;
  /** The name of Debian's package, such as `linux-source-6.1`. */
  name: string;
  /** Decides the content of the tarball without reading it. */
  identity: string;
}

/**
 * The newest kernel source that a linux-source package has installed. Debian has the tarball in /usr/src, Ubuntu in a
 * folder of its own there.
 */
export function findKernelSource(): KernelSource {
  const tarball = tarballsIn(SOURCES)
    .sort((a, b) => compareVersions(basename(a), basename(b)))
    .at(-1);
  if (tarball === undefined) {
    throw new ScriptError(
      "there is no kernel source in /usr/src",
      "install it: apt-get install linux-source (on Debian 12 it brings linux-source-6.1)",
    );
  }
  const name = basename(tarball).replace(/\.tar\.\w+$/, "");
  return { tarball, name, identity: `${name} ${identify(tarball, name)}` };
}

/** The tarballs in a folder and in folders named as they are, one level down. */
function tarballsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name.startsWith("linux-source-"))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return tarballsIn(path);
      return /\.tar\.\w+$/.test(entry.name) && existsSync(path) ? [path] : [];
    });
}

/** Compares by the numbers in the names: 6.12 is newer than 6.1, and 6.8.0 than 6.8. */
export function compareVersions(a: string, b: string): number {
  const numbers = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? -1) - (right[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * The package's version and the file's size. An archive never gives two contents to one version, so this says as much as
 * a digest of 130 MB, which would take half a second each time. The size catches a tarball cut short or put there by
 * hand; one that no package owns is told apart by its date as well.
 */
function identify(tarball: string, name: string): string {
  const { size, mtimeMs } = statSync(tarball);
  try {
    const args = ["--show", "--showformat", "${Version}", name];
    const version = execFileSync("dpkg-query", args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    if (version) return `${version} ${size}`;
  } catch {
    // No dpkg, or no such package.
  }
  return `unpackaged ${size} ${mtimeMs}`;
}
