import { expect, onTestFinished } from "vitest";
import type { DirectoryEntry, FileNode, FileSystem, OpenFile } from "../../../src/fs-9p/index.ts";

/** What is under test, with an empty root for each test, which it may be left full. */
export interface FileSystemUnderTest {
  readonly fileSystem: FileSystem;
  /** Of the attach: which tree. */
  readonly path?: string;
  /** Nodes and files that somebody has open, where they can be counted: none may be left. */
  readonly held?: () => number;
  readonly release: () => Promise<void>;
}

/** What a file system cannot do, each with its reason where it is run. Everything else is expected of it. */
export interface Lacks {
  readonly xattrs?: boolean;
  /** Named pipes by mknod. */
  readonly pipes?: boolean;
  readonly devices?: boolean;
  readonly locks?: boolean;
  readonly setIds?: boolean;
  readonly owners?: boolean;
  /** Following a rename of a directory by a node that was walked to through it before. */
  readonly renamesOfWalkedNodes?: boolean;
  readonly pastTimes?: boolean;
  /** Names that are no UTF-8. */
  readonly nonUtf8Names?: boolean;
  /** Renaming a directory in which a file is open. */
  readonly busyDirectories?: boolean;
  /** Attributes of an open file that has no name any more. */
  readonly attributesOfRemoved?: boolean;
  /** Opening such a file again. */
  readonly openingRemoved?: boolean;
}
export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_EXCL = 0o200;
export const O_TRUNC = 0o1000;
export const O_APPEND = 0o2000;
export const O_DIRECTORY = 0o200000;
export const S_IFMT = 0o170000;
export const how = { mode: 0o644, gid: 0 };

/** What the tests of a file system do again and again. What they open is closed in the end, and counted. */
export type Workspace = ReturnType<typeof workspace>;

// The closures' types are the declaration.
// oxlint-disable-next-line typescript/explicit-module-boundary-types
export function workspace(make: () => Promise<FileSystemUnderTest>) {
  /** Closes what a test has opened, in reverse. */
  const opened: { close(): unknown }[] = [];
  const keep = <T extends { close(): unknown }>(thing: T): T => {
    opened.push(thing);
    return thing;
  };

  async function root(): Promise<FileNode> {
    const { fileSystem, path = "", held, release } = await make();
    onTestFinished(async () => {
      for (const thing of opened.splice(0).toReversed()) await thing.close();
      const left = held?.() ?? 0;
      await release();
      if (left > 0) throw new Error(`${left} nodes or files are left open`);
    });
    return keep(await fileSystem.attach({ user: "root", uid: 0, path }));
  }
  const walk = async (node: FileNode, ...names: string[]): Promise<FileNode> => {
    let at = node;
    for (const name of names) at = keep(await at.walk(name));
    return at;
  };
  const open = async (node: FileNode, flags = O_RDONLY): Promise<OpenFile> => keep(await node.open(flags));
  const create = async (
    directory: FileNode,
    name: string,
    content: string | Buffer = "",
    flags = O_RDWR,
  ): Promise<{ readonly node: FileNode; readonly file: OpenFile }> => {
    const { node, file } = await directory.create(name, flags, how);
    keep(node);
    keep(file);
    if (content.length > 0) await file.write(Buffer.from(content), 0);
    return { node, file };
  };
  /** A file that nobody has open. */
  const put = async (directory: FileNode, name: string, content: string): Promise<void> => {
    const { node, file } = await directory.create(name, O_RDWR, how);
    await file.write(Buffer.from(content), 0);
    await file.close();
    await node.close();
  };
  const content = async (file: OpenFile, offset = 0, length = 1 << 20): Promise<string> => {
    const into = Buffer.alloc(length);
    return into.toString("latin1", 0, await file.read(into, offset));
  };
  const contentOf = async (node: FileNode): Promise<string> => await content(await open(node));
  const list = async (node: FileNode, count = 100): Promise<DirectoryEntry[]> => {
    const directory = await open(node);
    const entries: DirectoryEntry[] = [];
    for (;;) {
      const more = await directory.readdir(entries.at(-1)?.offset ?? 0, count);
      if (more.length === 0) return entries;
      entries.push(...more);
    }
  };
  const names = async (node: FileNode): Promise<string[]> =>
    (await list(node)).map(({ name }) => name).toSorted();
  const refused = async (code: string | RegExp, work: () => unknown): Promise<void> => {
    let thrown: unknown;
    try {
      await work();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      name: "FileError",
      code: expect.stringMatching(new RegExp(`^${typeof code === "string" ? code : code.source}$`)),
    });
  };

  return { opened, root, keep, walk, open, create, put, content, contentOf, list, names, refused };
}
