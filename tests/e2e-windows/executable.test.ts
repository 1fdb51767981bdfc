import { execFile } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { accessFor, wellKnown } from "../../src/base/windows/host-security.ts";
import { windowsPaths } from "../../src/base/windows/paths.ts";
import { packageVersion } from "../../scripts/lib/package-version.ts";
import type { ExecutableFacts } from "../support/windows/suite/executable-facts.ts";
import { bundleForWindows } from "../support/windows/suite/run-suite.ts";
import { shared } from "../support/windows/shared-windows.ts";
import { windowsBuild } from "../support/windows/windows-instance.ts";
import { toWindowsPath } from "../support/windows/windows-paths.ts";

const execute = promisify(execFile);
const executable = join(windowsBuild, "tswsl.exe");

let facts: ExecutableFacts;

beforeAll(async () => {
  const instance = await shared();
  // Its daemon listens then.
  await instance.ok(["status"]);
  const directory = await mkdtemp(join(tmpdir(), "tswsl-executable-"));
  const program = await bundleForWindows("executable-facts", directory);
  copyFileSync(join(windowsBuild, "koffi.node"), join(directory, "koffi.node"));
  const { daemonSocket } = windowsPaths({ TSWSL_HOME: instance.home }, "");
  const [results, output] = [join(directory, "results.json"), join(directory, "output.txt")];
  const args = [toWindowsPath(program), toWindowsPath(executable), daemonSocket, toWindowsPath(results)];
  await once(instance.prefix.start({ program: instance.prefix.node, args, output }), "exit");
  if (!existsSync(results)) throw new Error(readFileSync(output, "utf8"));
  // Written by executable-facts.ts.
  facts = JSON.parse(readFileSync(results, "utf8")) as ExecutableFacts;
  await rm(directory, { recursive: true });
});

test("Windows knows the executable as tswsl's, by its version resource", () => {
  expect(facts.version).toEqual({
    FileDescription: "tswsl, a Linux subsystem manager",
    FileVersion: packageVersion(),
    OriginalFilename: "tswsl.exe",
    ProductName: "tswsl",
  });
});

test("the daemon's pipe has the user, SYSTEM and the administrators on its access list, and nobody else", () => {
  const accounts = [wellKnown.system, wellKnown.administrators, facts.user ?? ""];
  // Who is on it, not whether it is closed to what is inherited: Wine drops that flag.
  expect(grantees(facts.access ?? "")).toEqual(grantees(accessFor(accounts)));
});

/** Who is let in, by SID or by SDDL's short name for it. */
function grantees(access: string): readonly string[] {
  const entries = [...access.matchAll(/\((\w+);[^)]*;([\w-]+)\)/g)];
  return entries.map(([, type, account]) => `${type} ${shortNames[account ?? ""] ?? account}`).toSorted();
}

/** "SID Strings" in Microsoft's documentation. */
const shortNames: Readonly<Record<string, string>> = { SY: wellKnown.system, BA: wellKnown.administrators };

test("NODE_OPTIONS does not make it load another program", async () => {
  const instance = await shared();
  const env = { NODE_OPTIONS: String.raw`--require=C:\nowhere.js` };
  const { status, stderr } = await instance.run(["version"], { env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test("under another name it finds the addons beside it", async () => {
  // On the same file system, so that nothing large is copied.
  const directory = await mkdtemp(`${windowsBuild}-renamed-`);
  onTestFinished(() => rm(directory, { recursive: true }));
  await execute("cp", ["-al", `${windowsBuild}/.`, directory]);
  const renamed = join(directory, "subsystem.exe");
  await rename(join(directory, "tswsl.exe"), renamed);
  const instance = await shared();
  const options = { env: { TSWSL_HOME: String.raw`C:\renamed-state` } };
  // The client loads vmp.node, its daemon hcs.node, and what that looks at the host with koffi.node.
  const { stderr, text } = await instance.runProgram(renamed, ["version", "--json"], options);
  expect(stderr).toBe("");
  expect(JSON.parse(text)).toMatchObject({ computeService: "HCS" });
  expect((await instance.runProgram(renamed, ["shutdown", "--daemon"], options)).status).toBe(0);
});
