import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseFragment, unmetLines } from "../../../scripts/lib/kernel-config.ts";
import { compareVersions } from "../../../scripts/lib/kernel-source.ts";

const fragment = parseFragment(`
# --- Always ---------------------
CONFIG_NET=y
CONFIG_DEFAULT_HOSTNAME="tswsl"
# A reason, which is not an option.
# CONFIG_KSM is not set
# --- Only in some versions ------
CONFIG_OLD=y
`);
const known = new Set(["CONFIG_NET", "CONFIG_DEFAULT_HOSTNAME", "CONFIG_KSM"]);
const good = 'CONFIG_NET=y\nCONFIG_DEFAULT_HOSTNAME="tswsl"\n# CONFIG_KSM is not set\n';

test("a config that has every line is accepted, also without options that the source does not know", () => {
  expect(unmetLines(fragment, good, known)).toEqual([]);
});

test("an option dropped for a missing dependency is named", () => {
  expect(unmetLines(fragment, good.replace("CONFIG_NET=y", ""), known)).toEqual([
    "CONFIG_NET should be y but is not set: something it depends on is missing",
  ]);
});

test("an option that should be off and an unequal value are named", () => {
  const config = 'CONFIG_NET=m\nCONFIG_DEFAULT_HOSTNAME="tswsl"\nCONFIG_KSM=y\n';
  expect(unmetLines(fragment, config, known)).toEqual([
    "CONFIG_NET should be y but is m",
    "CONFIG_KSM should be not set but is y",
  ]);
});

test("a misspelt option is named, and an optional one once the source knows it", () => {
  expect(unmetLines(fragment, good, new Set([...known, "CONFIG_OLD"]))).toHaveLength(1);
  expect(unmetLines(parseFragment("CONFIG_NTE=y"), good, known)).toEqual([
    "CONFIG_NTE should be y but is unknown to this source",
  ]);
});

test("a line that is neither option nor comment is refused", () => {
  expect(() => parseFragment("CONFIG_NET = y")).toThrow("not a config line");
});

test("the fragment in the tree is well formed and says nothing twice", () => {
  const symbols = parseFragment(readFileSync("guest/kernel/tswsl.config", "utf8")).map(
    ({ symbol }) => symbol,
  );
  expect(symbols.length).toBeGreaterThan(300);
  expect(symbols.filter((symbol, i) => symbols.indexOf(symbol) !== i)).toEqual([]);
});

test("versions are compared by their numbers", () => {
  const names = ["linux-source-6.8.0.tar.bz2", "linux-source-6.12.tar.xz", "linux-source-6.1.tar.xz"];
  expect(names.sort(compareVersions).at(-1)).toBe("linux-source-6.12.tar.xz");
});
