import { expect, test } from "vitest";
import { containedTarget, targetInFolder } from "../../../../src/daemon/folders/link-target.ts";
import { MemoryFileSystem } from "../../../../src/fs-9p/index.ts";
import { seededRandom } from "../../../support/random.ts";

test.each([
  ["/etc/hostname", 1, "../etc/hostname"],
  ["/etc/hostname", 0, "etc/hostname"],
  ["/", 2, "../.."],
  ["/..", 1, ".."],
  ["/../../etc/shadow", 2, "../../etc/shadow"],
  ["../../../../etc/shadow", 1, "../etc/shadow"],
  ["../sibling", 3, "../sibling"],
  ["a/../../b", 1, "../b"],
  ["..", 0, "."],
  [".", 1, "."],
])("%s, %d deep, is %s", (target, depth, expected) => {
  expect(containedTarget(target, depth)).toBe(expected);
});

test("nothing goes further up than the root is", () => {
  const random = seededRandom(9);
  for (let round = 0; round < 2000; round += 1) {
    const parts = Array.from({ length: 8 }, () => ["..", ".", "", "a", "b"][Math.floor(random() * 5)]);
    const depth = Math.floor(random() * 4);
    const target = containedTarget(parts.join("/"), depth).split("/");
    expect(target.filter((name) => name === "..").length).toBeLessThanOrEqual(depth);
    expect(target.lastIndexOf("..")).toBe(target.filter((name) => name === "..").length - 1);
  }
});

test("the depth is that of the link's directory", async () => {
  const root = new MemoryFileSystem().attach({ user: "", uid: 0, path: "" });
  const options = { mode: 0o755, gid: 0 };
  await root.mkdir("a", options);
  const a = await root.walk("a");
  await a.mkdir("b", options);
  const b = await a.walk("b");
  await b.symlink("link", "/etc/x", { gid: 0 });
  await root.symlink("link", "/etc/x", { gid: 0 });
  await b.symlink("plain", "c/d", { gid: 0 });
  expect(await targetInFolder(await b.walk("link"), b)).toBe("../../etc/x");
  expect(await targetInFolder(await root.walk("link"), root)).toBe("etc/x");
  expect(await targetInFolder(await b.walk("plain"), b)).toBe("c/d");
});
