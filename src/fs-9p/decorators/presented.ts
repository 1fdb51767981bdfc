import { chain } from "../awaitable.ts";
import { FileError } from "../errors/file-error.ts";
import type {
  AttributeChanges,
  Attributes,
  Awaitable,
  FileNode,
  FileSystem,
  OpenFile,
} from "../file-system.ts";
import { S_IFDIR, S_IFLNK, S_IFMT } from "../linux.ts";
import { ForwardingFile, ForwardingNode } from "./forwarding.ts";

/** How files look to the client, as the options of Linux's mounts of foreign file systems say it. */
export interface Presentation {
  /** Whom all files belong to. Giving one to somebody else is EPERM. */
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** Permission bits that no file shows. */
  readonly umask?: number | undefined;
  /** The same for files only, and for directories only; in addition to {@link umask}. */
  readonly fmask?: number | undefined;
  readonly dmask?: number | undefined;
}

/** The same file system with other owners and fewer permission bits. */
export function presented(fileSystem: FileSystem, presentation: Presentation): FileSystem {
  return {
    attach: (request) => chain(fileSystem.attach(request), (node) => new PresentedNode(node, presentation)),
  };
}

class PresentedNode extends ForwardingNode {
  readonly #presentation: Presentation;

  constructor(inner: FileNode, presentation: Presentation) {
    super(inner);
    this.#presentation = presentation;
  }

  protected override wrap(inner: FileNode): FileNode {
    return new PresentedNode(inner, this.#presentation);
  }

  protected override wrapFile(inner: OpenFile): OpenFile {
    return new PresentedFile(inner, this.#presentation);
  }

  override getattr(): Awaitable<Attributes> {
    return chain(this.inner.getattr(), (attributes) => shown(attributes, this.#presentation));
  }

  override setattr(changes: AttributeChanges): Awaitable<void> {
    return this.inner.setattr(passedOn(changes, this.#presentation));
  }
}

class PresentedFile extends ForwardingFile {
  readonly #presentation: Presentation;

  constructor(inner: OpenFile, presentation: Presentation) {
    super(inner);
    this.#presentation = presentation;
  }

  override getattr(): Awaitable<Attributes> {
    return chain(this.inner.getattr(), (attributes) => shown(attributes, this.#presentation));
  }

  override setattr(changes: AttributeChanges): Awaitable<void> {
    return this.inner.setattr(passedOn(changes, this.#presentation));
  }
}

function shown(
  attributes: Attributes,
  { uid, gid, umask = 0, fmask = 0, dmask = 0 }: Presentation,
): Attributes {
  const type = attributes.mode & S_IFMT;
  // The bits of a symbolic link mean nothing.
  const mask = type === S_IFLNK ? 0 : umask | (type === S_IFDIR ? dmask : fmask);
  return {
    ...attributes,
    uid: uid ?? attributes.uid,
    gid: gid ?? attributes.gid,
    mode: attributes.mode & ~(mask & 0o777),
  };
}

/** A change of owner to the one shown is none; to another it cannot be had. */
function passedOn(changes: AttributeChanges, { uid, gid }: Presentation): AttributeChanges {
  const { uid: newUid, gid: newGid, ...rest } = changes;
  if (uid !== undefined && newUid !== undefined && newUid !== uid) throw new FileError("EPERM");
  if (gid !== undefined && newGid !== undefined && newGid !== gid) throw new FileError("EPERM");
  return {
    ...rest,
    uid: uid === undefined ? newUid : undefined,
    gid: gid === undefined ? newGid : undefined,
  };
}
