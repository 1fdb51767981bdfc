import { describe, expect, test } from "vitest";
import { randomBytes } from "../../support/bytes.ts";
import {
  O_RDONLY,
  O_WRONLY,
  O_RDWR,
  O_EXCL,
  O_TRUNC,
  O_APPEND,
  O_DIRECTORY,
  how,
  type Workspace,
} from "./workspace.ts";

export function testFiles({ root, open, create, content, contentOf, refused }: Workspace): void {
  describe("a file", () => {
    test("has what was written, where it was written", async () => {
      const { file } = await create(await root(), "a", "hello");
      expect(await file.write(Buffer.from("p!"), 3)).toBe(2);
      expect(await content(file)).toBe("help!");
      expect(await content(file, 1, 2)).toBe("el");
      expect(await content(file, 5)).toBe("");
      expect(await content(file, 1000)).toBe("");
    });

    test("larger than any message comes back whole", async () => {
      const { file } = await create(await root(), "large");
      const bytes = randomBytes(5_000_000);
      expect(await file.write(bytes, 0)).toBe(bytes.length);
      const back = Buffer.alloc(bytes.length + 10);
      expect(await file.read(back, 0)).toBe(bytes.length);
      expect(back.subarray(0, bytes.length).equals(bytes)).toBe(true);
      expect(await file.getattr()).toMatchObject({ size: bytes.length });
    });

    test("has a hole of zeros before what is written beyond its end", async () => {
      const { file } = await create(await root(), "a", "x");
      await file.write(Buffer.from("y"), 4);
      expect(await content(file)).toBe("x\0\0\0y");
    });

    test("is opened for what it is opened for", async () => {
      const { node } = await create(await root(), "a", "content");
      const reading = await open(node, O_RDONLY);
      await refused("EBADF", () => reading.write(Buffer.from("x"), 0));
      const writing = await open(node, O_WRONLY);
      await refused("EBADF", () => writing.read(Buffer.alloc(1), 0));
      await open(node, O_WRONLY | O_TRUNC);
      expect(await node.getattr()).toMatchObject({ size: 0 });
    });

    test("opened for appending grows at its end", async () => {
      const { node } = await create(await root(), "a", "one");
      const file = await open(node, O_WRONLY | O_APPEND);
      await file.write(Buffer.from("two"), 0);
      expect(await contentOf(node)).toBe("onetwo");
    });

    test("is seen by others as soon as it is written", async () => {
      const { node, file } = await create(await root(), "a", "old");
      const other = await open(node);
      expect(await content(other)).toBe("old");
      await file.write(Buffer.from("new content"), 0);
      expect(await content(other)).toBe("new content");
      expect(await node.getattr()).toMatchObject({ size: 11 });
    });

    test("that exists is opened by create, and truncated only when asked", async () => {
      const directory = await root();
      await create(directory, "a", "content");
      expect(await content((await create(directory, "a")).file)).toBe("content");
      expect(await content((await create(directory, "a", "", O_RDWR | O_TRUNC)).file)).toBe("");
    });

    test("that exists is not created exclusively", async () => {
      const directory = await root();
      await create(directory, "a", "content");
      await refused("EEXIST", () => directory.create("a", O_RDWR | O_EXCL, how));
    });

    test("can be made durable", async () => {
      const { file } = await create(await root(), "a", "x");
      await file.fsync(true);
      await file.fsync(false);
      expect(await content(file)).toBe("x");
    });

    test("is no directory", async () => {
      const { node, file } = await create(await root(), "a");
      await refused(/ENOTDIR|ENOENT/, () => node.walk("b"));
      await refused("ENOTDIR", () => node.open(O_DIRECTORY));
      await refused("ENOTDIR", () => node.create("b", O_RDWR, how));
      await refused("ENOTDIR", () => node.mkdir("b", how));
      await refused(/ENOTDIR|EINVAL|EBADF/, () => file.readdir(0, 1));
    });
  });
}
