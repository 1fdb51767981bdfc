import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { expect, test } from "vitest";
import { StateFile } from "../../../src/base/state-file.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const schema = v.object({ n: v.number() });

test("what is written is read, and readable to people", async () => {
  const path = join(await temporaryDirectory(), "state.json");
  const file = new StateFile(path, schema);
  expect(await file.read()).toBeUndefined();
  await file.write({ n: 1 });
  expect(await file.read()).toEqual({ n: 1 });
  expect(await readFile(path, "utf8")).toBe('{\n  "n": 1\n}\n');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("nothing but the file remains", async () => {
  const directory = await temporaryDirectory();
  const file = new StateFile(join(directory, "state.json"), schema);
  await Promise.all([1, 2, 3, 4].map((n) => file.write({ n })));
  expect(await readdir(directory)).toEqual(["state.json"]);
});

test.each(["", "{", '{"n":"1"}', "[]"])(
  "content %j is refused with the file's name and a remedy",
  async (content) => {
    const path = join(await temporaryDirectory(), "state.json");
    await writeFile(path, content);
    const refused = new StateFile(path, schema).read();
    await expect(refused).rejects.toMatchObject({
      code: "invalid-state",
      hint: expect.stringContaining(path),
    });
  },
);
