import type { AttachRequest, FileSystem } from "../file-system.ts";
import type { Client } from "./client.ts";
import type { RemoteNode } from "./remote-node.ts";

interface RemoteFileSystem extends FileSystem {
  attach(request: AttachRequest): Promise<RemoteNode>;
}

/** What a client is connected to, as a file system: it can be served on, decorated, or tested like any other. */
export function fileSystemThrough(client: Client): RemoteFileSystem {
  return { attach: (request) => client.attach(request) };
}
