import { execFile } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Scope } from "../../src/base/scope.ts";
import { crossBuild } from "../../scripts/lib/cross-build.ts";
import { Progress } from "../../scripts/lib/progress.ts";
import { ensureNative } from "../../scripts/windows/build-native.ts";
import { ensureKoffiForWindows } from "../../scripts/windows/koffi-for-windows.ts";
import { bundleForWindows, runSuite } from "../support/windows/suite/run-suite.ts";
import type { TestResult } from "../support/windows/suite/vitest.ts";
import { toWindowsPath } from "../support/windows/windows-paths.ts";
import { WinePrefix } from "../support/windows/wine-prefix.ts";

// The shipped winfsp.node in node.exe under Wine, with the product's folders above it and a stand-in for WinFsp's library below,
// found as WinFsp's installer would have it found. Each test of that suite is one here.
const { signal: never } = new AbortController();
const scope = new Scope();
const directory = await mkdtemp(join(tmpdir(), "tswsl-winfsp-"));
scope.defer(() => rm(directory, { recursive: true }));
const prefix = await WinePrefix.make();
scope.defer(() => prefix.close());

async function bundle(name: string): Promise<string> {
  const program = await bundleForWindows(name, join(directory, "program"));
  const native = join(await ensureNative(never, new Progress()), "winfsp.node");
  copyFileSync(native, join(dirname(program), "winfsp.node"));
  copyFileSync(await ensureKoffiForWindows(), join(dirname(program), "koffi.node"));
  return program;
}

async function withoutWinfsp(): Promise<unknown> {
  const program = await bundle("winfsp-absent");
  const results = join(directory, "absent.json");
  const output = join(directory, "absent.txt");
  const args = [program, results].map(toWindowsPath);
  const [code] = await once(prefix.start({ program: prefix.node, args, output }), "exit");
  if (code !== 0) throw new Error(readFileSync(output, "utf8"));
  return JSON.parse(readFileSync(results, "utf8"));
}

/** The library, and where its installer says it is. Returns its path on Windows. */
async function install(): Promise<string> {
  const source = join(import.meta.dirname, "../support/windows/winfsp");
  const spec = { name: "winfsp-stand-in", source, products: /\.dll$/ };
  const built = await crossBuild(spec, never, new Progress());
  const place = join(prefix.path, "drive_c/winfsp/bin");
  mkdirSync(place, { recursive: true });
  copyFileSync(join(built, "winfsp-x64.dll"), join(place, "winfsp-x64.dll"));
  const key = String.raw`HKLM\SOFTWARE\WOW6432Node\WinFsp`;
  const add = ["reg", "add", key, "/v", "InstallDir", "/d", "C:\\winfsp\\", "/f"];
  await once(execFile("wine", add, { env: prefix.env() }), "exit");
  return String.raw`C:\winfsp\bin\winfsp-x64.dll`;
}

async function runAll(): Promise<{ absent: unknown; results: readonly TestResult[] }> {
  try {
    const absent = await withoutWinfsp();
    const env = {
      TSWSL_TEST_WINFSP: await install(),
      TSWSL_TEST_ONLY: process.env["TSWSL_TEST_ONLY"] ?? "",
    };
    const program = await bundle("winfsp");
    return { absent, results: await runSuite({ prefix, program, directory, env }) };
  } catch (error) {
    // There will be no tests, and nothing after them.
    await scope.close();
    throw error;
  }
}

const { absent, results } = await runAll();

afterAll(() => scope.close());

test("without WinFsp the addon loads and says how to get it", () => {
  const hint = "WinFsp is not installed; install it: winget install WinFsp.WinFsp";
  expect(absent).toEqual({ missing: hint, outcome: { error: 0xc0000135, message: hint } });
});

test("the suite ran", () => {
  expect(results.length).toBeGreaterThan(0);
});

test.each(results)("$name ($milliseconds ms)", ({ status, error }) => {
  expect(error).toBeUndefined();
  expect(status).toBe("passed");
});
