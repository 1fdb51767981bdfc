import { expect, test } from "vitest";
import { exportPath, type ExportName, plainExport } from "../../../../src/distro/host-folders/export-name.ts";
import { exportsFileSystem } from "../../../../src/distro/host-folders/exports.ts";
import { FileError, MemoryFileSystem, nameFromText } from "../../../../src/fs-9p/index.ts";

const request = { user: "", uid: 0, path: "" };

async function walk(names: readonly string[]): Promise<ExportName[]> {
  const opened: ExportName[] = [];
  const disk = new MemoryFileSystem();
  const exported = exportsFileSystem(({ folder }) => {
    opened.push(folder);
    return disk.attach(request);
  });
  let node = await exported.attach(request);
  for (const name of names) node = await node.walk(name);
  return opened;
}

test("a folder by its name", async () => {
  expect(await walk(["path=%2Fsrv;ro"])).toEqual([{ ...plainExport("/srv"), readOnly: true }]);
});

test("a folder whose name is longer than a name can be", async () => {
  const deep = plainExport(`C:\\${"long and ünï".repeat(60)}`);
  const names = exportPath(deep).split("/").map(nameFromText);
  expect(names.length).toBeGreaterThan(3);
  expect(await walk(names)).toEqual([deep]);
});

test("parts of long names are directories of their own", async () => {
  const root = await exportsFileSystem(() => {
    throw new FileError("EACCES");
  }).attach(request);
  const one = await root.walk("more=a");
  const other = await root.walk("more=b");
  expect(new Set([root, one, other].map(({ qid }) => qid.path)).size).toBe(3);
  expect((await root.walk("more=a")).qid).toEqual(one.qid);
});

test.each([
  ["what is no export", ["home"], "ENOENT"],
  ["pieces that are none", ["more=pa", "home"], "ENOENT"],
  ["an empty piece", ["more=", "path=%2F"], "ENOENT"],
  ["pieces without an end", Array.from({ length: 70 }, () => `more=${"x".repeat(250)}`), "ENAMETOOLONG"],
] as const)("%s cannot be walked to", async (_, names, code) => {
  const error: unknown = await walk(names).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(FileError);
  expect(error).toMatchObject({ code });
});
