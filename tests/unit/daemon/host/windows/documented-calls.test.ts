import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const page = readFileSync("docs/windows.md", "utf8");

/** The name in a prototype that koffi is given: `"int32_t RegCloseKey(void *key)"`. */
const prototype = /"\w+ \*?([A-Z]\w+)\([^"]*\)"/g;

const bound = globSync("src/daemon/host/windows/native/*.ts")
  .flatMap((file) => [...readFileSync(file, "utf8").matchAll(prototype)])
  .map(([, name = ""]) => name);

test.each([...new Set(bound)])("docs/windows.md says whether %s has run", (name) => {
  expect(page).toMatch(new RegExp(String.raw`\b${name}\b`));
});
