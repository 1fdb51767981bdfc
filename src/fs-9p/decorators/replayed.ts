import { attempt, chain } from "../awaitable.ts";
import { FileError } from "../errors/file-error.ts";
import type {
  AttributeChanges,
  Attributes,
  Awaitable,
  CreatedFile,
  FileNode,
  FileSystem,
  FileSystemStatistics,
  OpenFile,
  Qid,
} from "../file-system.ts";
import type { ReplayScript } from "./replay-script.ts";

/**
 * The world before what the script tells of has happened, for a client that does it again so that its kernel tells those
 * who watch: what was made is not there yet, what was removed still is. What the client then does moves the script on, and
 * nothing else: nothing that it asks for, in the script or not, is done to the file system below, and no content is shown.
 */
export function replayed(fileSystem: FileSystem, script: ReplayScript): FileSystem {
  return {
    attach: (request) =>
      chain(fileSystem.attach(request), (real) => new ReplayNode(script, { real, qid: real.qid })),
  };
}

function refuse(): never {
  throw new FileError("EROFS");
}

function noAttributes(): never {
  throw new FileError("EOPNOTSUPP");
}

interface Shown {
  readonly qid: Qid;
  /** What is there; undefined for what is there in the script only. */
  readonly real?: FileNode | undefined;
  readonly attributes?: Attributes | undefined;
  /** Not of a root. */
  readonly directory?: number;
  readonly name?: string;
}

class ReplayNode implements FileNode {
  readonly qid: Qid;
  readonly symlink = refuse;
  readonly mknod = refuse;
  readonly link = refuse;
  readonly moveTo = refuse;
  readonly remove = refuse;
  readonly setxattr = refuse;
  readonly removexattr = refuse;
  readonly getxattr = noAttributes;
  readonly listxattr = noAttributes;
  readonly #script: ReplayScript;
  readonly #shown: Shown;

  constructor(script: ReplayScript, shown: Shown) {
    this.#script = script;
    this.#shown = shown;
    this.qid = shown.qid;
  }

  walk(name: string): Awaitable<FileNode> {
    const scene = this.#script.at(this.qid.path, name);
    if (!scene) return chain(this.#real.walk(name), (real) => this.#child(name, { real, qid: real.qid }));
    const { file } = scene;
    if (!file) throw new FileError("ENOENT");
    return chain(this.#look(name, file.qid), (real) =>
      this.#child(name, real ? { real, qid: real.qid } : { qid: file.qid, attributes: file }),
    );
  }

  parent(): Awaitable<FileNode> {
    return chain(this.#real.parent(), (real) => new ReplayNode(this.#script, { real, qid: real.qid }));
  }

  getattr(): Awaitable<Attributes> {
    return this.#shown.attributes ?? this.#real.getattr();
  }

  /** That a file has been changed is told by setting what it has. */
  setattr(_changes: AttributeChanges): void {
    const { directory, name } = this.#shown;
    if (directory !== undefined && name !== undefined) this.#script.done(directory, name, "touch");
  }

  open(): OpenFile {
    return new ReplayFile(this);
  }

  create(name: string): CreatedFile {
    const file = this.#come(name);
    const node = this.#child(name, { qid: file.qid, attributes: file });
    return { node, file: node.open() };
  }

  mkdir(name: string): Qid {
    return this.#come(name).qid;
  }

  rename(name: string, directory: FileNode, newName: string): void {
    if (!this.#script.done(this.qid.path, name, "go")) refuse();
    this.#script.done(directory.qid.path, newName, "come");
  }

  unlink(name: string): void {
    if (!this.#script.done(this.qid.path, name, "go")) refuse();
  }

  readlink(): Awaitable<string> {
    return this.#real.readlink();
  }

  statfs(): Awaitable<FileSystemStatistics> {
    return this.#real.statfs();
  }

  close(): Awaitable<void> {
    return this.#shown.real?.close();
  }

  get #real(): FileNode {
    if (!this.#shown.real) throw new FileError("ENOENT");
    return this.#shown.real;
  }

  #child(name: string, shown: Shown): ReplayNode {
    return new ReplayNode(this.#script, { ...shown, directory: this.qid.path, name });
  }

  #come(name: string): Attributes {
    return this.#script.done(this.qid.path, name, "come")?.after ?? refuse();
  }

  /** What is there, if it is the file that the script means. */
  #look(name: string, { path, type }: Qid): Awaitable<FileNode | undefined> {
    const { real } = this.#shown;
    if (!real) return undefined;
    const found = attempt<FileNode | undefined>(
      () => real.walk(name),
      (error) => {
        if (error instanceof FileError) return undefined;
        throw error;
      },
    );
    return chain(found, (node) => {
      if (!node || (node.qid.path === path && node.qid.type === type)) return node;
      return chain(node.close(), () => undefined);
    });
  }
}

/** Open, but neither read nor written: opening is what is told. */
class ReplayFile implements OpenFile {
  readonly write = refuse;
  readonly qid: Qid;
  readonly #node: ReplayNode;

  constructor(node: ReplayNode) {
    this.#node = node;
    this.qid = node.qid;
  }

  read(): number {
    return 0;
  }

  readdir(): readonly [] {
    return [];
  }

  getattr(): Awaitable<Attributes> {
    return this.#node.getattr();
  }

  setattr(changes: AttributeChanges): void {
    this.#node.setattr(changes);
  }

  fsync(): void {}

  lock(): never {
    throw new FileError("EOPNOTSUPP");
  }

  getlock(): never {
    throw new FileError("EOPNOTSUPP");
  }

  close(): void {}
}
