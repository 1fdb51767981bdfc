import { setattrBody } from "../codec/attributes.ts";
import { type Body, type ReplyName, type RequestName } from "../codec/messages.ts";
import { MAX_WALK_NAMES } from "../codec/reader.ts";
import { FileError } from "../errors/file-error.ts";
import { toFileError } from "../errors/to-file-error.ts";
import type {
  AttributeChanges,
  Attributes,
  CreatedFile,
  CreateOptions,
  FileNode,
  FileSystemStatistics,
  Qid,
} from "../file-system.ts";
import { AT_REMOVEDIR, deviceMajor, deviceMinor, QidType } from "../linux.ts";
import type { Client } from "./client.ts";
import { getattr } from "./getattr.ts";
import { RemoteFile } from "./remote-file.ts";
import { orByNode } from "./without-at.ts";
import { getXattr, setXattr } from "./xattrs.ts";

/** A node of a server's file system: a fid that is not open. Failures are FileErrors, those of the connection too. */
export class RemoteNode implements FileNode {
  readonly client: Client;
  readonly fid: number;
  #qid: Qid;

  /** Takes over the fid. */
  constructor(client: Client, fid: number, qid: Qid) {
    this.client = client;
    this.fid = fid;
    this.#qid = qid;
  }

  get qid(): Qid {
    return this.#qid;
  }

  async walk(name: string): Promise<RemoteNode> {
    return await this.walkPath([name]);
  }

  async parent(): Promise<RemoteNode> {
    return await this.walkPath([".."]);
  }

  /** Down several names, sixteen in one request; a second node of this file without names. */
  async walkPath(names: readonly string[]): Promise<RemoteNode> {
    const first = names.slice(0, MAX_WALK_NAMES);
    if (names.length > 0 && !isDirectory(this.#qid)) throw new FileError("ENOTDIR");
    const [fid, { qids }] = await this.client.fids.make("Twalk", (newfid) => ({
      fid: this.fid,
      newfid,
      names: first,
    }));
    if (qids.length !== first.length) {
      // walk(5): the new fid exists only when all names were walked.
      this.client.fids.giveBack(fid);
      throw new FileError(qids.every(isDirectory) ? "ENOENT" : "ENOTDIR");
    }
    const node = new RemoteNode(this.client, fid, qids.at(-1) ?? this.#qid);
    const rest = names.slice(MAX_WALK_NAMES);
    const through = qids.slice(0, -1).every(isDirectory);
    if (rest.length === 0 && through) return node;
    try {
      // A server that has followed a symbolic link on the way (diod does) has gone where the port does not go.
      if (!through) throw new FileError("ENOTDIR");
      return await node.walkPath(rest);
    } finally {
      await node.close();
    }
  }

  async getattr(): Promise<Attributes> {
    const { attributes } = this.client;
    const known = attributes.get(this.#qid.path);
    if (known) return known;
    const found = await getattr(this.client, this.fid);
    this.#qid = found.qid;
    return found;
  }

  async setattr(changes: AttributeChanges): Promise<void> {
    await this.#change("Tsetattr", setattrBody(this.fid, changes), this.#qid.path);
  }

  async open(flags: number): Promise<RemoteFile> {
    // A server might follow it.
    if ((this.#qid.type & QidType.symlink) !== 0) throw new FileError("ELOOP");
    const clone = await this.walkPath([]);
    try {
      const { qid, iounit } = await clone.#request("Tlopen", { fid: clone.fid, flags });
      return new RemoteFile(this.client, { fid: clone.fid, qid, iounit });
    } catch (error) {
      await clone.close();
      throw error;
    }
  }

  async create(name: string, flags: number, { mode, gid }: CreateOptions): Promise<CreatedFile> {
    const clone = await this.walkPath([]);
    try {
      const body = { fid: clone.fid, name, flags, mode, gid };
      const { qid, iounit } = await clone.#change("Tlcreate", body);
      const file = new RemoteFile(this.client, { fid: clone.fid, qid, iounit });
      return { node: await this.walk(name), file };
    } catch (error) {
      await clone.close();
      throw error;
    }
  }

  async mkdir(name: string, { mode, gid }: CreateOptions): Promise<Qid> {
    return (await this.#change("Tmkdir", { dfid: this.fid, name, mode, gid })).qid;
  }

  async symlink(name: string, target: string, { gid }: { readonly gid: number }): Promise<Qid> {
    return (await this.#change("Tsymlink", { dfid: this.fid, name, target, gid })).qid;
  }

  async mknod(name: string, device: number, { mode, gid }: CreateOptions): Promise<Qid> {
    const numbers = { major: deviceMajor(device), minor: deviceMinor(device) };
    return (await this.#change("Tmknod", { dfid: this.fid, name, mode, ...numbers, gid })).qid;
  }

  async link(name: string, target: FileNode): Promise<void> {
    await this.#change("Tlink", { dfid: this.fid, fid: this.#ours(target).fid, name });
  }

  async readlink(): Promise<string> {
    return (await this.#request("Treadlink", { fid: this.fid })).target;
  }

  async rename(oldname: string, directory: FileNode, newname: string): Promise<void> {
    const newdirfid = this.#ours(directory).fid;
    await orByNode(
      this,
      { request: "Trenameat", name: oldname },
      {
        work: () => this.#change("Trenameat", { olddirfid: this.fid, oldname, newdirfid, newname }),
        instead: (node) => node.moveTo(directory, newname),
      },
    );
  }

  async moveTo(directory: FileNode, name: string): Promise<void> {
    await this.#change("Trename", { fid: this.fid, dfid: this.#ours(directory).fid, name });
  }

  async unlink(name: string, directory: boolean): Promise<void> {
    const flags = directory ? AT_REMOVEDIR : 0;
    await orByNode(
      this,
      { request: "Tunlinkat", name },
      {
        work: () => this.#change("Tunlinkat", { dirfd: this.fid, name, flags }),
        instead: async (node) => {
          if (directory !== isDirectory(node.qid)) throw new FileError(directory ? "ENOTDIR" : "EISDIR");
          await node.remove();
        },
      },
    );
  }

  /** "remove … and … clunk the fid, even if the remove fails", so that it has to be a fid of its own. */
  async remove(): Promise<void> {
    const clone = await this.walkPath([]);
    try {
      await clone.#change("Tremove", { fid: clone.fid });
    } finally {
      this.client.fids.giveBack(clone.fid);
    }
  }

  async statfs(): Promise<FileSystemStatistics> {
    const found = await this.#request("Tstatfs", { fid: this.fid });
    return {
      type: found.type,
      blockSize: found.bsize,
      blocks: found.blocks,
      freeBlocks: found.bfree,
      availableBlocks: found.bavail,
      files: found.files,
      freeFiles: found.ffree,
      id: found.fsid,
      nameLength: found.namelen,
    };
  }

  async getxattr(name: string): Promise<Uint8Array> {
    return await getXattr(this.client, this.fid, name);
  }

  async listxattr(): Promise<Uint8Array> {
    return await getXattr(this.client, this.fid, "");
  }

  async setxattr(name: string, value: Uint8Array, flags: number): Promise<void> {
    await setXattr(await this.walkPath([]), name, { value, flags });
  }

  /** Linux's own way to ask for it: the value of no bytes. */
  async removexattr(name: string): Promise<void> {
    await setXattr(await this.walkPath([]), name, { value: new Uint8Array(0), flags: 2 });
  }

  async close(): Promise<void> {
    await this.client.fids.clunk(this.fid);
  }

  async #request<N extends RequestName>(name: N, body: Body<N>): Promise<Body<ReplyName<N>>> {
    try {
      return await this.client.connection.request(name, body);
    } catch (error) {
      throw toFileError(error);
    }
  }

  /** A request that changes this file, or names: then what is known of all others is in doubt. */
  async #change<N extends RequestName>(name: N, body: Body<N>, path?: number): Promise<Body<ReplyName<N>>> {
    try {
      return await this.#request(name, body);
    } finally {
      this.client.changed(path);
    }
  }

  #ours(node: FileNode): RemoteNode {
    if (node instanceof RemoteNode && node.client === this.client) return node;
    throw new FileError("EXDEV");
  }
}

function isDirectory({ type }: Qid): boolean {
  return (type & QidType.directory) !== 0;
}
