import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileLogger } from "../../../src/base/log.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

test("what was logged before a start stays, and only its owner may read it", async () => {
  const file = join(await temporaryDirectory(), "daemon.log");
  for (const words of ["the first life", "the second life"]) {
    const log = fileLogger(file);
    log.info(words);
    log.end();
    await once(log, "finish");
    // winston ends its file a moment after itself.
    await expect.poll(() => readFile(file, "utf8")).toContain(words);
  }
  expect(await readFile(file, "utf8")).toContain("the first life");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
