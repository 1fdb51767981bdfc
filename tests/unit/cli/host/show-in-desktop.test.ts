import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { showInDesktop } from "../../../../src/cli/host/show-in-desktop.ts";

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tswsl-desktop-"));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

/** A desktop whose xdg-open is this script. */
async function show(script: string | undefined, path: string): Promise<void> {
  const program = join(directory, "xdg-open");
  await rm(program, { force: true });
  if (script !== undefined) {
    await writeFile(program, `#!/bin/sh\n${script}\n`);
    await chmod(program, 0o755);
  }
  const env = { PATH: directory, DISPLAY: ":7" };
  await showInDesktop(path, { windows: false, env, signal: new AbortController().signal });
}

test("xdg-open gets the path, in the user's environment", async () => {
  const out = join(directory, "out");
  await show(`echo "$DISPLAY $#:$1" > ${out}`, "/a b/$c");
  expect(await readFile(out, "utf8")).toBe(":7 1:/a b/$c\n");
});

test.each([
  ["exit 3", "'/x' cannot be shown: no program is known for it"],
  ["exit 4", "'/x' cannot be shown: xdg-open ended with status 4"],
  [undefined, "there is no xdg-open on this host"],
])("%s", async (script, message) => {
  await expect(show(script, "/x")).rejects.toThrow(message);
});
