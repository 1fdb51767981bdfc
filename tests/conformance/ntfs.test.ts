import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Scope } from "../../src/base/scope.ts";
import { bundleForWindows, runSuite } from "../support/windows/suite/run-suite.ts";
import type { TestResult } from "../support/windows/suite/vitest.ts";
import { WinePrefix } from "../support/windows/wine-prefix.ts";

// Folders of Windows as they are served to the guest, over the shipped ntfs.node in node.exe under Wine: the suite of every
// file system, and Windows's own rules. Each test of that program is one here.
const scope = new Scope();
const directory = await mkdtemp(join(tmpdir(), "tswsl-ntfs-"));
scope.defer(() => rm(directory, { recursive: true }));
const prefix = await WinePrefix.make();
scope.defer(() => prefix.close());

async function runAll(): Promise<readonly TestResult[]> {
  try {
    const program = await bundleForWindows("ntfs", join(directory, "program"));
    // With another locale Wine has no files whose names are not of its letters.
    const env = { LC_ALL: "C.UTF-8", TSWSL_TEST_ONLY: process.env["TSWSL_TEST_ONLY"] ?? "" };
    return await runSuite({ prefix, program, directory, env });
  } catch (error) {
    // There will be no tests, and nothing after them.
    await scope.close();
    throw error;
  }
}

const results = await runAll();

afterAll(() => scope.close());

test("the suite ran", () => {
  expect(results.length).toBeGreaterThan(0);
});

test.for(results)("$name ($milliseconds ms)", ({ status, error }, { skip }) => {
  skip(status === "skipped", "Windows, or a host folder, does not have it: see docs/files-9p.md");
  expect(error).toBeUndefined();
  expect(status).toBe("passed");
});
