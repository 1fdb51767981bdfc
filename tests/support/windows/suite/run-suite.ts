import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { ensureNative } from "../../../../scripts/windows/build-native.ts";
import { Progress } from "../../../../scripts/lib/progress.ts";
import type { WinePrefix } from "../wine-prefix.ts";
import { toWindowsPath } from "../windows-paths.ts";
import type { TestResult } from "./vitest.ts";

const { signal: never } = new AbortController();

/** Bundles a program of this folder for node.exe, with the addons beside it. Returns its path. */
export async function bundleForWindows(name: string, directory: string): Promise<string> {
  mkdirSync(directory, { recursive: true });
  const outfile = join(directory, `${name}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node22",
    alias: { vitest: join(import.meta.dirname, "vitest.ts") },
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    sourcemap: "inline",
    logLevel: "warning",
  });
  const native = await ensureNative(never, new Progress());
  for (const addon of ["hcs.node", "ntfs.node", "vmp.node"])
    copyFileSync(join(native, addon), join(directory, addon));
  return outfile;
}

export interface SuiteRun {
  readonly prefix: WinePrefix;
  /** As {@link bundleForWindows} returned it. */
  readonly program: string;
  /** `called.txt` in it lists the addons' functions that were called. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Told the process's id on Linux. */
  readonly started?: (pid: number) => void;
}

/** Runs a bundled suite under Wine to its end, and returns what each of its tests said. */
export async function runSuite(run: SuiteRun): Promise<readonly TestResult[]> {
  const { prefix, program, directory, env } = run;
  const results = `${program}.results`;
  const output = `${program}.output`;
  const child = prefix.start({
    program: prefix.node,
    args: ["--enable-source-maps", toWindowsPath(program)],
    env: {
      ...env,
      TSWSL_TEST_RESULTS: toWindowsPath(results),
      TSWSL_TEST_CALLED: toWindowsPath(join(directory, "called.txt")),
    },
    output,
  });
  if (child.pid !== undefined) run.started?.(child.pid);
  const [code] = await once(child, "exit");
  const lines = existsSync(results) ? readFileSync(results, "utf8").trim().split("\n") : [];
  if (code !== 0) {
    const said = readFileSync(output, "utf8").slice(-4000);
    throw new Error(`the suite ended with ${String(code)} after ${lines.length} tests: ${said}`);
  }
  // Written by runTests.
  return lines.map((line) => JSON.parse(line) as TestResult);
}
