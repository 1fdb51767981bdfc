import { FileError } from "../errors/file-error.ts";
import { toFileError } from "../errors/to-file-error.ts";
import type { Client } from "./client.ts";
import type { RemoteNode } from "./remote-node.ts";

/** The largest value and the longest list that Linux has. */
const MAX_BYTES = 65_536;

/** The value of an extended attribute, or with an empty name the list of their names. */
export async function getXattr(client: Client, fid: number, name: string): Promise<Uint8Array> {
  const [newfid, { size }] = await client.fids.make("Txattrwalk", (newfid) => ({ fid, newfid, name }));
  try {
    if (size > MAX_BYTES) throw new FileError("E2BIG");
    const value = new Uint8Array(size);
    let at = 0;
    while (at < size) {
      const count = Math.min(size - at, client.pieceBytes);
      const into = value.subarray(at, at + count);
      const { data } = await client.connection.request("Tread", { fid: newfid, offset: at, count }, { into });
      if (data.length === 0) throw new FileError("EIO");
      at += data.length;
    }
    return value;
  } catch (error) {
    throw toFileError(error);
  } finally {
    await client.fids.clunk(newfid);
  }
}

/** Sets the value, by way of a node of its own, which is closed. The clunk is when it happens. */
export async function setXattr(
  node: RemoteNode,
  name: string,
  { value, flags }: { readonly value: Uint8Array; readonly flags: number },
): Promise<void> {
  const { client, fid } = node;
  try {
    await client.connection.request("Txattrcreate", { fid, name, attrSize: value.length, flags });
    let at = 0;
    while (at < value.length) {
      const data = value.subarray(at, at + client.pieceBytes);
      const { count } = await client.connection.request("Twrite", { fid, offset: at, data });
      if (count === 0) throw new FileError("EIO");
      at += count;
    }
  } catch (error) {
    await node.close().catch(() => {});
    throw toFileError(error);
  }
  client.changed(node.qid.path);
  await node.close();
}
