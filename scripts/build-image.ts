// Builds the utility VM's system image from Debian's packages and guest/image/packages.txt; see docs/guest.md.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "./lib/cache-folder.ts";
import { contentKey, ensureEntry } from "./lib/content-cache.ts";
import { fetchPackages, resolvePackages, type DebianPackage } from "./lib/debian-packages.ts";
import { fixModes, layOutSkeleton } from "./lib/image-skeleton.ts";
import { ImageTree } from "./lib/image-tree.ts";
import { parsePackageList, type WantedPackage } from "./lib/package-list.ts";
import { Progress } from "./lib/progress.ts";
import { requireSpace, requireTools } from "./lib/require-tools.ts";
import { run } from "./lib/run.ts";
import { interruptSignal, runAsScript } from "./lib/script-main.ts";

/** Raise it when the steps below change what comes out. */
const RECIPE = "2";
const LIST = join(import.meta.dirname, "../guest/image/packages.txt");
/** Packages, their unpacked content and the image, with room to spare. */
const SPACE = 300e6;

const TOOLS = { "apt-get": "apt", "dpkg-deb": "dpkg", "mkfs.erofs": "erofs-utils" };

/** Fixed, because a random one would make equal images differ. */
const VOLUME_ID = "74737773-6c00-4000-8000-000000000001";

export interface ImageOptions {
  /** Ask apt's lists for newer packages, also when there is an image for this list of packages. */
  refresh?: boolean;
}

/** The folder with `system.erofs` and `manifest.json`, built first where it is missing. */
export async function ensureImage(
  options: ImageOptions = {},
  signal: AbortSignal = interruptSignal(),
  progress: Progress = new Progress(),
): Promise<string> {
  const folder = join(cacheFolder(), "image");
  const list = readFileSync(LIST, "utf8");
  // Which image was built from this list is remembered, so that starting needs neither apt nor a network, and does not
  // change under a user's feet when a package gets a new version.
  const remembered = join(folder, `${contentKey(RECIPE, list)}.current`);
  if (!options.refresh && existsSync(remembered)) {
    const place = join(folder, readFileSync(remembered, "utf8"));
    if (existsSync(place)) return place;
  }

  requireTools(TOOLS, "building the system image");
  requireSpace(folder, SPACE, "building the system image");
  const wanted = parsePackageList(list);
  progress.say("image: asking apt for versions");
  const packages = relevant(
    await resolvePackages(
      wanted.map(({ name }) => name),
      signal,
    ),
    wanted,
  );

  const store = join(cacheFolder(), "packages");
  mkdirSync(store, { recursive: true });
  progress.say(`image: fetching ${packages.length} packages, those not yet in ${store}`);
  const files = await fetchPackages(packages, store, signal);

  const key = contentKey(RECIPE, list, ...files.map(sha256));
  const build = (into: string): Promise<void> =>
    buildImage({ wanted, packages, files, into, signal, progress });
  const place = await ensureEntry({ folder, key, build }, signal, progress);
  writeFileSync(`${remembered}.new`, key);
  renameSync(`${remembered}.new`, remembered);
  return place;
}

/** Of all dependencies only libraries can give a file: the rest are other programs, debconf, perl. */
function relevant(packages: readonly DebianPackage[], wanted: readonly WantedPackage[]): DebianPackage[] {
  const named = new Set(wanted.map(({ name }) => name));
  // gcc's libraries keep their licence in its -base package.
  return packages.filter(({ name }) => named.has(name) || /^(lib|zlib)|^gcc-.*-base$/.test(name));
}

interface Build {
  wanted: readonly WantedPackage[];
  packages: readonly DebianPackage[];
  /** The .deb of each package, in the same order. */
  files: readonly string[];
  into: string;
  signal: AbortSignal;
  progress: Progress;
}

async function buildImage({ wanted, packages, files, into, signal, progress }: Build): Promise<void> {
  const unpacked = new Map<string, string>();
  for (const [i, { name }] of packages.entries()) {
    const folder = join(into, "unpacked", name);
    mkdirSync(folder, { recursive: true });
    progress.update(`image: unpacking ${name}`);
    await run("dpkg-deb", ["--extract", files[i] ?? "", folder], { signal });
    unpacked.set(name, folder);
  }

  const root = join(into, "root");
  layOutSkeleton(root);
  const tree = new ImageTree(root, unpacked);
  for (const { name, paths } of wanted) for (const path of paths) tree.addFile(name, path);
  const licences = tree.addLicences();
  fixModes(root);

  const image = join(into, "system.erofs");
  // Not compressed: an emulated processor spends more on unpacking than a disk on 8 MB more.
  await run("mkfs.erofs", ["-T0", "-U", VOLUME_ID, "--all-root", image, root], {
    signal,
    env: { PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` },
  });
  const manifest = {
    sha256: sha256(image),
    size: statSync(image).size,
    packages: packages
      .filter(({ name }) => licences.has(name))
      .map(({ name, version }) => ({ name, version, licence: licences.get(name) })),
  };
  writeFileSync(join(into, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  await rm(join(into, "unpacked"), { recursive: true });
  await rm(root, { recursive: true });
  progress.say(`image: ${(manifest.size / 1e6).toFixed(1)} MB from ${manifest.packages.length} packages`);
}

function sha256(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

await runAsScript(import.meta.url, async (signal, progress) => {
  const folder = await ensureImage({ refresh: process.argv.includes("--refresh") }, signal, progress);
  if (process.argv.includes("--print-path")) process.stdout.write(`${folder}\n`);
  else progress.say(`image: ${folder}`);
});
