import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../../../scripts/lib/cache-folder.ts";
import { contentKey, ensureEntry } from "../../../scripts/lib/content-cache.ts";
import { crossBuild } from "../../../scripts/lib/cross-build.ts";
import { Progress } from "../../../scripts/lib/progress.ts";
import { ensureNodeForWindows } from "../../../scripts/windows/node-for-windows.ts";

const execute = promisify(execFile);
const { signal: never } = new AbortController();

/** Raise it when a template is made in another way. */
const RECIPE = "2";

/** Libraries that are not Wine's own, so that Wine must be told to take ours. */
const OVERRIDES = "virtdisk=n";

export interface WineRun {
  /** A Windows program, by its Linux path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Where its output goes. A file: Node for Windows cannot write to a Unix pipe under Wine (libuv asks for a named pipe's
   * state, and Wine answers that it is none).
   */
  readonly output: string;
}

/** A Windows of its own: drives, registry, services. Its system32 has the stand-in libraries. */
export class WinePrefix {
  readonly path: string;
  /** node.exe, by its Linux path. */
  readonly node: string;

  private constructor(path: string, node: string) {
    this.path = path;
    this.node = node;
  }

  /** Makes one, in seconds: Wine needs longer for its first start, so that is done once and kept. */
  static async make(): Promise<WinePrefix> {
    const progress = new Progress();
    const template = await ensureTemplate(progress);
    const libraries = await ensureStandIns(progress);
    const node = await ensureNodeForWindows(never, progress);
    const path = await mkdtemp(join(dirname(template), "run-"));
    // Links, but for the registry: Wine writes into a file that has several names, and so into everybody's.
    await execute("cp", ["-al", `${template}/.`, path]);
    for (const name of ["system.reg", "user.reg", "userdef.reg"]) {
      await rm(join(path, name));
      await copyFile(join(template, name), join(path, name));
    }
    const prefix = new WinePrefix(path, node);
    for (const name of ["computecore.dll", "computenetwork.dll", "virtdisk.dll"]) {
      const place = join(path, "drive_c/windows/system32", name);
      await rm(place, { force: true });
      await copyFile(join(libraries, name), place);
    }
    // The server first, so that no program of ours waits for it.
    await quietly("wineserver", ["-p"], prefix.env());
    await quietly("wine", ["cmd", "/c", "exit"], prefix.env());
    return prefix;
  }

  /** One that another process has made, and will close. */
  static async open(path: string): Promise<WinePrefix> {
    return new WinePrefix(path, await ensureNodeForWindows(never, new Progress()));
  }

  env(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
    const { PATH, HOME, TMPDIR } = process.env;
    return {
      PATH,
      HOME,
      // Where Wine's server has its socket: with another one the same prefix would be a second machine.
      TMPDIR,
      WINEPREFIX: this.path,
      WINEARCH: "win64",
      WINEDEBUG: "-all",
      WINEDLLOVERRIDES: OVERRIDES,
      ...more,
    };
  }

  start({ program, args, env, output }: WineRun): ChildProcess {
    const file = openSync(output, "a");
    try {
      return spawn("wine", [program, ...args], { env: this.env(env), stdio: ["ignore", file, file] });
    } finally {
      closeSync(file);
    }
  }

  /** Ends every program in it, and removes it. */
  async close(): Promise<void> {
    await quietly("wineserver", ["-k"], this.env());
    await quietly("wineserver", ["-w"], this.env());
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Without pipes: Wine's services, which stay, would inherit them and keep them open. */
async function quietly(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  await once(spawn(program, args, { env, stdio: "ignore" }), "exit");
}

/** A prefix as Wine makes it, of this version of Wine, that says it is Windows 10. */
async function ensureTemplate(progress: Progress): Promise<string> {
  const { stdout: version } = await execute("wine", ["--version"], { env: { PATH: process.env["PATH"] } });
  const build = async (into: string): Promise<void> => {
    progress.say("wine: making a prefix");
    const env = {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      WINEPREFIX: into,
      WINEARCH: "win64",
      WINEDEBUG: "-all",
    };
    await quietly("wineboot", ["-i"], env);
    await quietly("wine", ["winecfg", "-v", "win10"], env);
    await quietly("wineserver", ["-w"], env);
  };
  const folder = join(cacheFolder(), "wine");
  return await ensureEntry({ folder, key: contentKey(RECIPE, version), build }, never, progress);
}

/** computecore.dll and the others. */
async function ensureStandIns(progress: Progress): Promise<string> {
  const source = join(import.meta.dirname, "stand-in");
  return await crossBuild({ name: "stand-ins", source, products: /\.dll$/ }, never, progress);
}
