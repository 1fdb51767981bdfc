/**
 * Run by node.exe under Wine: folders of Windows as HostDisk serves them, over the shipped ntfs.node. NTFS's own things that
 * Wine has not come from ntfs/stand-in.ts.
 */
import { testFileSystem } from "../../../conformance/file-system.ts";
import { environment } from "./environment.ts";
import { testAttack } from "./ntfs/attack.ts";
import { onWindows } from "./ntfs/folder.ts";
import { windowsLacks } from "./ntfs/lacks.ts";
import { testPlainFolder } from "./ntfs/plain-folder.ts";
import { testWindowsRules } from "./ntfs/rules.ts";
import { runTests } from "./vitest.ts";

for (const newer of [true, false]) {
  testFileSystem(
    `a folder of Windows with metadata, ${newer ? "by FILE_STAT_LX_INFORMATION" : "without it"}`,
    async () => {
      const { disk, standIn, release } = onWindows({ newer, drvfs: { metadata: true } });
      // The root's is open for as long as the disk is.
      return { fileSystem: disk, held: () => standIn.handles - 1, release };
    },
    windowsLacks,
  );
}

testWindowsRules();
testPlainFolder();
testAttack();

await runTests(environment("TSWSL_TEST_RESULTS"), new RegExp(process.env["TSWSL_TEST_ONLY"] ?? ""));
process.exit(0);
