import { expect, test } from "vitest";
import { type FileNode, MemoryFileSystem, observed } from "../../../src/fs-9p/index.ts";

const how = { mode: 0o644, gid: 0 };

async function watched(): Promise<{ readonly root: FileNode; readonly heard: string[] }> {
  const heard: string[] = [];
  const names = new Map<number, string>();
  const of = (path: number): string => names.get(path) ?? "?";
  const fileSystem = observed(new MemoryFileSystem(), {
    found: (directory, name, { path }) => {
      names.set(path, name);
      heard.push(`found ${of(directory)}/${name}`);
    },
    leaving: (directory, name) => heard.push(`leaving ${of(directory)}/${name}`),
    changed: (directory, name) => heard.push(`changed ${of(directory)}/${name}`),
    touched: (file) => heard.push(`touched ${of(file)}`),
  });
  const root = await fileSystem.attach({ user: "", uid: 0, path: "" });
  names.set(root.qid.path, "root");
  return { root, heard };
}

test("every way to make a file is found and changed", async () => {
  const { root, heard } = await watched();
  await root.create("file", 1, how);
  await root.mkdir("folder", how);
  await root.symlink("link", "file", { gid: 0 });
  await root.mknod("node", 0, { ...how, mode: 0o100644 });
  expect(heard).toEqual(
    ["file", "folder", "link", "node"].flatMap((name) => [`found root/${name}`, `changed root/${name}`]),
  );
});

test("walking finds, writing and setting attributes touch", async () => {
  const { root, heard } = await watched();
  const { file } = await root.create("file", 1, how);
  heard.length = 0;
  const node = await root.walk("file");
  await file.write(Buffer.from("x"), 0);
  await file.setattr({ size: 0 });
  await node.setattr({ mode: 0o600 });
  await node.open(0o1001);
  await node.open(0);
  expect(heard).toEqual(["found root/file", "touched file", "touched file", "touched file", "touched file"]);
});

test("both names of a rename, a further name and a name that goes are changed, also when that fails", async () => {
  const { root, heard } = await watched();
  await root.create("file", 1, how);
  await root.mkdir("folder", how);
  const folder = await root.walk("folder");
  heard.length = 0;
  await root.rename("file", folder, "moved");
  expect(heard).toEqual([
    "leaving root/file",
    "changed folder/moved",
    "found folder/moved",
    "changed root/file",
  ]);
  const moved = await folder.walk("moved");
  heard.length = 0;
  await root.link("again", moved);
  await moved.moveTo(root, "file");
  expect(heard).toEqual(["changed root/again", "touched moved", "found root/file", "changed root/file"]);
  heard.length = 0;
  await root.unlink("again", false);
  await moved.remove();
  await expect((async () => await root.unlink("absent", false))()).rejects.toThrow("ENOENT");
  await root.unlink("folder", true);
  expect(heard).toEqual([
    "changed root/again",
    "touched file",
    "changed root/absent",
    "leaving root/folder",
    "changed root/folder",
  ]);
});
