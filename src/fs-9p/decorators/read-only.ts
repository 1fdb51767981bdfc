import { chain } from "../awaitable.ts";
import { FileError } from "../errors/file-error.ts";
import type { Awaitable, FileNode, FileSystem, OpenFile } from "../file-system.ts";
import { O_ACCMODE, O_TRUNC } from "../linux.ts";
import { ForwardingFile, ForwardingNode } from "./forwarding.ts";

/** The same file system, in which nothing can be changed: EROFS. */
export function readOnly(fileSystem: FileSystem): FileSystem {
  return {
    attach: (request) => chain(fileSystem.attach(request), (node) => new ReadOnlyNode(node)),
  };
}

function refuse(): never {
  throw new FileError("EROFS");
}

class ReadOnlyNode extends ForwardingNode {
  protected override wrap(inner: FileNode): FileNode {
    return new ReadOnlyNode(inner);
  }

  protected override wrapFile(inner: OpenFile): OpenFile {
    return new ReadOnlyFile(inner);
  }

  override open(flags: number): Awaitable<OpenFile> {
    return (flags & (O_ACCMODE | O_TRUNC)) === 0 ? super.open(flags) : refuse();
  }

  override setattr = refuse;
  override create = refuse;
  override mkdir = refuse;
  override symlink = refuse;
  override mknod = refuse;
  override link = refuse;
  override rename = refuse;
  override moveTo = refuse;
  override unlink = refuse;
  override remove = refuse;
  override setxattr = refuse;
  override removexattr = refuse;
}

class ReadOnlyFile extends ForwardingFile {
  override write = refuse;
  override setattr = refuse;
}
