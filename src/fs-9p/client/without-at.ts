import { FileError } from "../errors/file-error.ts";
import type { RequestName } from "../codec/messages.ts";
import type { RemoteNode } from "./remote-node.ts";

/** Requests that name something in a directory, which older servers (diod 1.0) know only of a fid. */
type AtRequest = Extract<RequestName, "Trenameat" | "Tunlinkat">;

/**
 * Does `work`, or where the server does not know that request, `instead` with a node of that name, as Linux's client does
 * (fs/9p/vfs_inode.c). The server is asked once.
 */
export async function orByNode(
  directory: RemoteNode,
  { request, name }: { readonly request: AtRequest; readonly name: string },
  {
    work,
    instead,
  }: { readonly work: () => Promise<unknown>; readonly instead: (node: RemoteNode) => Promise<void> },
): Promise<void> {
  const { unknown } = directory.client;
  if (!unknown.has(request)) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof FileError && error.code === "EOPNOTSUPP")) throw error;
      unknown.add(request);
    }
  }
  const node = await directory.walk(name);
  try {
    await instead(node);
  } finally {
    await node.close();
  }
}
