import type * as native from "../../../native/winfsp/native.d.ts";
import { FileError } from "../../fs-9p/errors/file-error.ts";
import type { Attributes, FileNode } from "../../fs-9p/file-system.ts";
import { O_ACCMODE, O_APPEND, O_DIRECTORY, O_DSYNC, O_EXCL, O_SYNC, O_TRUNC } from "../../fs-9p/linux.ts";
import { checkName } from "../../fs-9p/names.ts";
import { listDirectory } from "./directory.ts";
import { walkPath } from "./follow.ts";
import type { Handles } from "./handles.ts";
import { targetInFolder } from "./link-target.ts";
import { type Nodes, ROOT } from "./nodes.ts";
import type { Shared } from "./shared.ts";

const RENAME_NOREPLACE = 1;
/** What of open's flags is the file system's business. */
const OPEN_FLAGS = O_ACCMODE | O_TRUNC | O_APPEND | O_DSYNC | O_SYNC | O_DIRECTORY | O_EXCL;

/** What a folder has while its distro's files are open. */
export interface Tree {
  readonly root: Shared<FileNode>;
  /** Of new files. */
  readonly gid: number;
  readonly nodes: Nodes;
  readonly handles: Handles;
}

type Answerable = Exclude<
  native.Request,
  native.ForgetRequest | native.CancelRequest | native.UnmountedRequest
>;

function placeOf({ root, nodes }: Tree, number: number): Shared<FileNode> {
  return number === ROOT ? root : nodes.get(number);
}

/**
 * The answer to a request of the addon. Raises what the file system raises, and ESTALE, on which Linux looks the path up
 * again, for a place that is not where it was: diod knows files by path, and what lay below a directory that was renamed
 * it finds no more.
 */
export async function answerTo(tree: Tree, request: Answerable): Promise<unknown> {
  try {
    return await answer(tree, request);
  } catch (error) {
    if (error instanceof FileError && error.code === "ENOENT" && (await hasMoved(tree, request)))
      throw new FileError("ESTALE", { cause: error });
    throw error;
  }
}

/** Whether the place itself is gone, and not only a name in it. */
async function hasMoved(tree: Tree, { node }: Answerable): Promise<boolean> {
  try {
    await placeOf(tree, node).use((file) => file.getattr());
    return false;
  } catch (error) {
    return error instanceof FileError && error.code === "ENOENT";
  }
}

async function answer(tree: Tree, request: Answerable): Promise<unknown> {
  const { nodes, handles } = tree;
  const at = (number: number): Shared<FileNode> => placeOf(tree, number);
  const node = at(request.node);
  switch (request.op) {
    case "lookup":
      return await node.use((from) =>
        tree.root.use(async (root) => {
          const found = await walkPath({ root, from }, request.path, request.follow);
          return found
            ? await entered(tree, request.node, found)
            : { node: request.node, attributes: await from.getattr() };
        }),
      );
    case "getattr":
      return await attributesOf(tree, node, request.handle);
    case "setattr":
      return await changed(tree, node, request);
    case "readlink":
      return await at(nodes.directoryOf(request.node)).use((directory) =>
        node.use((link) => targetInFolder(link, directory)),
      );
    case "symlink":
      return await made(tree, request.node, request.name, (directory) =>
        directory.symlink(request.name, request.target, { gid: tree.gid }),
      );
    case "mknod":
      return await made(tree, request.node, request.name, (directory) =>
        directory.mknod(request.name, request.device, { mode: request.mode, gid: tree.gid }),
      );
    case "mkdir":
      return await made(tree, request.node, request.name, (directory) =>
        directory.mkdir(request.name, { mode: request.mode, gid: tree.gid }),
      );
    case "link":
      return await made(tree, request.newNode, request.newName, (directory) =>
        node.use((target) => directory.link(request.newName, target)),
      );
    case "unlink":
    case "rmdir":
      checkName(request.name);
      return await node.use((directory) => directory.unlink(request.name, request.op === "rmdir"));
    case "rename":
      return await node.use((from) => at(request.newNode).use((to) => renamed(tree, from, to, request)));
    case "open":
      return handles.add(await node.use((file) => file.open(request.flags & OPEN_FLAGS & ~O_EXCL)));
    case "opendir":
      return handles.add(await node.use((directory) => directory.open(O_DIRECTORY)));
    case "create":
      return await created(tree, node, request);
    case "read":
      return await handles.get(request.handle).use(async (file) => {
        const buffer = Buffer.allocUnsafe(request.length);
        return buffer.subarray(0, await file.read(buffer, request.offset));
      });
    case "write":
      return await handles.get(request.handle).use((file) => file.write(request.data, request.offset));
    case "readdir":
      return await tree.root.use((root) => {
        const file = handles.get(request.handle);
        return listDirectory({ root, number: request.node, directory: node, file, nodes }, request);
      });
    case "fsync":
      return await handles.get(request.handle).use((file) => file.fsync(request.dataOnly));
    case "flush":
      return undefined;
    case "release":
    case "releasedir":
      handles.release(request.handle);
      return undefined;
    case "statfs":
      return await node.use((file) => file.statfs());
  }
}

/**
 * Takes back what an answer gave and the operating system did not take: it will neither forget nor release it. `taken` is what the
 * addon's `succeed` returned.
 */
export function takeBack(
  { nodes, handles }: Tree,
  request: Answerable,
  answer: unknown,
  taken: number,
): void {
  if (request.op === "readdir") {
    // As listDirectory made it.
    const entries = answer as readonly native.DirectoryEntry[];
    for (const { node } of entries.slice(taken)) if (node !== undefined) nodes.forget(node, 1);
    return;
  }
  if (taken > 0) return;
  if (request.op === "open" || request.op === "opendir") {
    // As answerTo made it.
    handles.release(answer as number);
  } else if (typeof answer === "object" && answer !== null) {
    if ("node" in answer && typeof answer.node === "number" && answer.node !== ROOT)
      nodes.forget(answer.node, 1);
    if ("handle" in answer && typeof answer.handle === "number") handles.release(answer.handle);
  }
}

interface Entry {
  readonly node: number;
  readonly attributes: Attributes;
}

async function entered({ nodes }: Tree, directory: number, node: FileNode): Promise<Entry> {
  try {
    const attributes = await node.getattr();
    return { node: nodes.add(node, directory), attributes };
  } catch (error) {
    await node.close();
    throw error;
  }
}

async function made(
  tree: Tree,
  directory: number,
  name: string,
  make: (directory: FileNode) => unknown,
): Promise<Entry> {
  checkName(name);
  return await placeOf(tree, directory).use(async (node) => {
    await make(node);
    return await entered(tree, directory, await node.walk(name));
  });
}

async function created(
  tree: Tree,
  directory: Shared<FileNode>,
  request: native.CreateRequest,
): Promise<Entry & { readonly handle: number }> {
  checkName(request.name);
  const options = { mode: request.mode & 0o7777, gid: tree.gid };
  const { node, file } = await directory.use((parent) =>
    parent.create(request.name, request.flags & OPEN_FLAGS, options),
  );
  const handle = tree.handles.add(file);
  try {
    return { ...(await entered(tree, request.node, node)), handle };
  } catch (error) {
    tree.handles.release(handle);
    throw error;
  }
}

async function attributesOf(
  { handles }: Tree,
  node: Shared<FileNode>,
  handle: number | undefined,
): Promise<Attributes> {
  // A file that was removed while it is open can be asked through its handle alone.
  if (handle !== undefined) return await handles.get(handle).use((file) => file.getattr());
  return await node.use((file) => file.getattr());
}

async function changed(
  tree: Tree,
  node: Shared<FileNode>,
  request: native.SetattrRequest,
): Promise<Attributes> {
  const { mode, uid, gid, size, accessed, modified, handle } = request;
  const changes = { mode, uid, gid, size, accessed, modified };
  if (handle === undefined) await node.use((file) => file.setattr(changes));
  else await tree.handles.get(handle).use((file) => file.setattr(changes));
  return await attributesOf(tree, node, handle);
}

async function renamed(
  { nodes }: Tree,
  from: FileNode,
  to: FileNode,
  request: native.RenameRequest,
): Promise<void> {
  const { name, newName, flags } = request;
  checkName(name);
  checkName(newName);
  if ((flags & ~RENAME_NOREPLACE) !== 0) throw new FileError("EINVAL");
  // Not in one step with the rename, which 9P does not have.
  if (flags === RENAME_NOREPLACE && (await exists(to, newName))) throw new FileError("EEXIST");
  await from.rename(name, to, newName);
  // From now on by its new name.
  const moved = await to.walk(newName);
  nodes.forget(nodes.add(moved, request.newNode), 1);
}

async function exists(directory: FileNode, name: string): Promise<boolean> {
  try {
    await (await directory.walk(name)).close();
    return true;
  } catch (error) {
    if (error instanceof FileError && error.code === "ENOENT") return false;
    throw error;
  }
}
