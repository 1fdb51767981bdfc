import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  cachedPath,
  digestOf,
  familyOf,
  findCached,
  partPath,
  pruneCache,
} from "../../../../../src/distro/source/bootstrap/cache.ts";
import { temporaryDirectory } from "../../../../support/temporary-directory.ts";

const plan = { args: ["--variant=minbase", "bookworm"], stdin: "deb x\n" };

test("the digest follows the plan and the content of the lists", async () => {
  const directory = await temporaryDirectory();
  const list = join(directory, "Packages");
  await writeFile(list, "one");
  const digest = await digestOf(plan, [list]);
  expect(await digestOf(plan, [list])).toBe(digest);
  expect(await digestOf({ ...plan, stdin: "deb y\n" }, [list])).not.toBe(digest);
  await writeFile(list, "two");
  expect(await digestOf(plan, [list])).not.toBe(digest);
});

test("an archive is found by its digest, with the size of its tar", async () => {
  const key = {
    directory: await temporaryDirectory(),
    family: "debian-bookworm-x64",
    digest: "0123456789abcdef",
  };
  expect(await findCached(key)).toBeUndefined();
  await writeFile(cachedPath(key, 4096), "");
  await writeFile(partPath(key), "");
  expect(await findCached(key)).toEqual({ path: cachedPath(key, 4096), tarBytes: 4096 });
  expect(await findCached({ ...key, digest: "f".repeat(16) })).toBeUndefined();
  expect(await findCached({ ...key, directory: "/nonexistent" })).toBeUndefined();
});

test("older archives of the family and orphaned parts go; other families and work in hand stay", async () => {
  const directory = await temporaryDirectory();
  const key = { directory, family: "debian-bookworm-x64", digest: "a".repeat(16) };
  const kept = [
    cachedPath(key, 1),
    cachedPath({ ...key, family: "debian-trixie-x64", digest: "b".repeat(16) }, 1),
    partPath(key),
  ];
  // The largest pid that Linux gives is 2^22.
  const gone = [
    cachedPath({ ...key, digest: "c".repeat(16) }, 1),
    join(directory, `x-${"d".repeat(16)}.9999999.part`),
  ];
  for (const path of [...kept, ...gone, join(directory, "README")]) await writeFile(path, "");
  await pruneCache(key);
  const left = new Set((await readdir(directory)).map((name) => join(directory, name)));
  expect(left).toEqual(new Set([...kept, join(directory, "README")]));
});

test("archives with other packages are another family", () => {
  const release = ["debian", "bookworm", "x64"];
  expect(familyOf(release, [])).toBe("debian-bookworm-x64");
  expect(familyOf(release, ["vim"])).toMatch(/^debian-bookworm-x64-with-[0-9a-f]{8}$/);
  expect(familyOf(release, ["vim"])).not.toBe(familyOf(release, ["git"]));
});
