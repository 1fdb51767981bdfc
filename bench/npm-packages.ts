import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Instance } from "../tests/support/instance.ts";
import { treeListing } from "../tests/support/tree-listing.ts";
import { run } from "./run.ts";

/** With what they need some 250 packages, none of them for one platform only: the guest has no registry to ask for another. */
const PACKAGES = {
  commander: "14.0.0",
  eslint: "9.20.0",
  express: "4.21.2",
  mocha: "11.1.0",
  rimraf: "6.0.1",
  semver: "7.7.1",
};
const LOAD = `${Object.keys(PACKAGES)
  .map((name) => `await import("${name}");`)
  .join("")} console.log("loaded")`;
const LIMIT_MS = 3_600_000;

/** Names, types, modes, links, sizes and content: what is the same wherever it is installed. Times and owners are not. */
function tree(folder: string): string[] {
  return treeListing(folder).map((line) =>
    line.replace(/ (\d+) \d+ \d+ (\d+) \d+ (\d+) ((?:[0-9a-f]{64}|-> .*)?)$/, " $1 $2 $3 $4"),
  );
}

/** A shell's words that run npm on what lies in a folder: npm's program, its cache and its command follow from the side. */
function npmIn(folder: string, node: string, npm: string): string {
  const settings = `cache=${folder}/../cache audit=false fund=false update_notifier=false loglevel=error`;
  const variables = settings.split(" ").map((setting) => `npm_config_${setting}`);
  return `cd ${folder} && ${variables.join(" ")} '${node}' '${npm}/bin/npm-cli.js'`;
}

/**
 * `npm ci` by a Debian of the instance in a folder of the host, from a cache that the host has filled, which is a folder of the host
 * too. Throws when the tree is not the one that the host's npm makes, or npm or node in the distro find it wanting.
 */
export async function npmPackages(instance: Instance, directory: string): Promise<string> {
  const npm = (await run('dirname "$(dirname "$(readlink -f "$(command -v npm)")")"')).trim();
  const [byHost, byDistro] = [join(directory, "by-host"), join(directory, "by-distro")];
  await Promise.all([mkdir(byHost), mkdir(byDistro)]);
  await writeFile(
    join(byHost, "package.json"),
    JSON.stringify({ name: "many", version: "1.0.0", private: true, dependencies: PACKAGES }),
  );
  const hostNpm = npmIn(byHost, process.execPath, npm);
  await run(`${hostNpm} install`);
  // It asks the registry for more than `install` does, and has it in the cache then.
  await run(`${hostNpm} ci`);
  for (const name of ["package.json", "package-lock.json"])
    await copyFile(join(byHost, name), join(byDistro, name));

  await instance.ok(["install", "debian", "--bootstrap"], { timeoutMs: LIMIT_MS });
  await instance.ok(["cp", process.execPath, "debian:/usr/local/bin/node"], { timeoutMs: LIMIT_MS });
  await instance.ok(["cp", "-r", npm, "debian:/usr/local/lib/npm"], { timeoutMs: LIMIT_MS });
  const inDebian = async (line: string): Promise<string> =>
    await instance.ok(["-d", "debian", "--", "sh", "-c", line], { timeoutMs: LIMIT_MS });
  const debianNpm = npmIn(`/mnt/host${byDistro}`, "node", "/usr/local/lib/npm");
  const started = performance.now();
  await inDebian(`${debianNpm} ci --offline`);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);

  const expected = tree(join(byHost, "node_modules"));
  const found = tree(join(byDistro, "node_modules"));
  const different = [
    ...expected.filter((line) => !found.includes(line)),
    ...found.filter((line) => !expected.includes(line)),
  ];
  if (different.length > 0) throw new Error(`not as the host's npm does it:\n${different.join("\n")}`);
  const list = "ls --all --parseable | sed 's|^.*/by-[a-z]*||' | sort";
  const listed = await inDebian(`${debianNpm} ${list}`);
  if (listed !== (await run(`${hostNpm} ${list}`)).trimEnd())
    throw new Error(`npm ls in the distro says ${listed}`);
  const loaded = await inDebian(`cd /mnt/host${byDistro} && node --input-type=module -e '${LOAD}'`);
  if (loaded !== "loaded") throw new Error(`node in the distro: ${loaded}`);
  return `${listed.split("\n").length - 1} packages, ${found.length} files and directories, installed in ${seconds} s`;
}
