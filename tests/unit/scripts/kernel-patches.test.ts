import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { applyPatches, readPatches } from "../../../scripts/lib/kernel-patches.ts";
import { Progress } from "../../../scripts/lib/progress.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const patchOf = (file: string, from: string, to: string): string =>
  `Why it is so.\n\n--- a/${file}\n+++ b/${file}\n@@ -1 +1 @@\n-${from}\n+${to}\n`;

test("what fits a source is applied, and what does not is left out whole", async () => {
  const directory = await temporaryDirectory();
  const [tree, folder] = [join(directory, "tree"), join(directory, "patches")];
  await mkdir(tree);
  await mkdir(folder);
  await writeFile(join(tree, "one.c"), "old\n");
  await writeFile(join(tree, "two.c"), "moved on\n");
  await writeFile(join(folder, "0002-b.patch"), patchOf("one.c", "new", "newer"));
  await writeFile(join(folder, "0001-a.patch"), patchOf("one.c", "old", "new"));
  await writeFile(
    join(folder, "0003-c.patch"),
    patchOf("one.c", "newer", "newest") + patchOf("two.c", "old", "new"),
  );
  await writeFile(join(folder, "README"), "no patch");

  const patches = readPatches(folder);
  expect(patches.map(({ name }) => name)).toEqual(["0001-a.patch", "0002-b.patch", "0003-c.patch"]);
  const { signal } = new AbortController();
  const applied = await applyPatches(tree, patches, { signal, progress: new Progress() });
  expect(applied).toEqual(["0001-a.patch", "0002-b.patch"]);
  expect(readFileSync(join(tree, "one.c"), "utf8")).toBe("newer\n");
  expect(readFileSync(join(tree, "two.c"), "utf8")).toBe("moved on\n");
});

test("each patch of the guest's kernel says why", () => {
  const patches = readPatches(join(import.meta.dirname, "../../../guest/kernel"));
  expect(patches.length).toBeGreaterThan(0);
  for (const { text } of patches) expect(text.indexOf("\n--- a/")).toBeGreaterThan(100);
});
