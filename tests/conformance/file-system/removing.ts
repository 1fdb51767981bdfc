import { describe, expect, test } from "vitest";
import { O_RDONLY, O_RDWR, how, type Lacks, type Workspace } from "./workspace.ts";

export function testRemoving(
  { opened, root, walk, open, create, content, names, refused }: Workspace,
  lacks: Lacks,
): void {
  describe("removing", () => {
    test("has the rules of unlink(2) and rmdir(2)", async () => {
      const directory = await root();
      await directory.mkdir("full", how);
      await create(await walk(directory, "full"), "file");
      await create(directory, "file");
      await refused(/EISDIR|EPERM/, () => directory.unlink("full", false));
      await refused("ENOTDIR", () => directory.unlink("file", true));
      await refused("ENOTEMPTY", () => directory.unlink("full", true));
      const full = await walk(directory, "full");
      await refused("ENOTEMPTY", () => full.remove());
      await full.unlink("file", false);
      await full.remove();
      await directory.unlink("file", false);
      expect(await names(directory)).toEqual([]);
    });

    test("leaves an open file as it is", async () => {
      const directory = await root();
      const { file } = await create(directory, "a", "content");
      await directory.unlink("a", false);
      expect(await content(file)).toBe("content");
      await file.write(Buffer.from("C"), 0);
      await create(directory, "a", "another");
      expect(await content(file)).toBe("Content");
    });

    test.skipIf(lacks.attributesOfRemoved)("leaves an open file its attributes", async () => {
      const directory = await root();
      const { file } = await create(directory, "a", "content");
      await directory.unlink("a", false);
      expect(await file.getattr()).toMatchObject({ size: 7, links: 0 });
      await file.setattr({ size: 3, mode: 0o600 });
      expect(await file.getattr()).toMatchObject({ size: 3, mode: 0o100600 });
    });

    test.skipIf(lacks.openingRemoved)(
      "leaves an open file its node, by which it is changed and opened again",
      async () => {
        const directory = await root();
        const { node, file } = await create(directory, "a", "content");
        const reading = await open(node, O_RDONLY);
        await file.close();
        opened.splice(opened.indexOf(file), 1);
        await directory.unlink("a", false);
        await create(directory, "a", "another");
        expect(await node.getattr()).toMatchObject({ size: 7, links: 0 });
        await node.setattr({ size: 4, mode: 0o600 });
        expect(await node.getattr()).toMatchObject({ size: 4, mode: 0o100600 });
        const writing = await open(node, O_RDWR);
        await writing.write(Buffer.from("C"), 0);
        expect(await content(reading)).toBe("Cont");
      },
    );

    test("makes room for another file of that name", async () => {
      const directory = await root();
      const { node } = await create(directory, "a", "one");
      await directory.unlink("a", false);
      await refused(/ENOENT|ESTALE/, () => directory.walk("a"));
      await directory.mkdir("a", how);
      expect((await walk(directory, "a")).qid.type).toBe(0x80);
      expect(node.qid.type).toBe(0);
    });
  });
}
