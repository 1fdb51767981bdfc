/**
 * For a person with a Windows: the suite of every file system on a folder of its own NTFS, with nothing between HostDisk, ntfs.node
 * and Windows. See docs/testing.md. `node.exe ntfs-on-windows.mjs [FOLDER]`, an empty one of an NTFS volume.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testFileSystem } from "../../../conformance/file-system.ts";
import { HostDisk } from "../../../../src/fs-9p/index.ts";
import { windowsLacks } from "./ntfs/lacks.ts";
import { runTests, type TestResult } from "./vitest.ts";

const above = mkdtempSync(join(process.argv[2] ?? tmpdir(), "tswsl-ntfs-"));

testFileSystem(
  "a folder of NTFS with metadata",
  async () => {
    const disk = new HostDisk(mkdtempSync(join(above, "folder-")), { drvfs: { metadata: true } });
    return { fileSystem: disk, release: async () => disk.close() };
  },
  windowsLacks,
);

const results = join(above, "results");
await runTests(results, /./);
const totals = { passed: 0, failed: 0, skipped: 0 };
for (const line of readFileSync(results, "utf8").trim().split("\n")) {
  // Written by runTests.
  const { name, status, error } = JSON.parse(line) as TestResult;
  totals[status] += 1;
  process.stdout.write(`${status}  ${name}\n${error === undefined ? "" : `${error}\n`}`);
}
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
rmSync(`\\\\?\\${above}`, { recursive: true, force: true });
process.exit(totals.failed === 0 ? 0 : 1);
