import { chain } from "../../src/fs-9p/awaitable.ts";
import { ForwardingFile, ForwardingNode } from "../../src/fs-9p/decorators/forwarding.ts";
import type { Awaitable, FileNode, FileSystem, OpenFile } from "../../src/fs-9p/index.ts";

/** A gate that calls wait at until a test lets them through. */
class Gate {
  #waiting: (() => void)[] = [];
  open = true;

  get waiting(): number {
    return this.#waiting.length;
  }

  async pass(): Promise<void> {
    if (!this.open) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Lets through what waits now, the last that came first. */
  release(): void {
    for (const resolve of this.#waiting.splice(0).toReversed()) resolve();
  }
}

/** A file system that answers with promises: walks, opening, reading and writing wait at the gate. Counts what is open. */
export class SlowFileSystem implements FileSystem {
  readonly gate = new Gate();
  nodes = 0;
  files = 0;
  readonly #inner: FileSystem;

  constructor(inner: FileSystem) {
    this.#inner = inner;
  }

  attach(...request: Parameters<FileSystem["attach"]>): Awaitable<FileNode> {
    return chain(this.#inner.attach(...request), (node) => new SlowNode(node, this));
  }
}

class SlowNode extends ForwardingNode {
  readonly #owner: SlowFileSystem;

  constructor(inner: FileNode, owner: SlowFileSystem) {
    super(inner);
    this.#owner = owner;
    owner.nodes += 1;
  }

  protected override wrap(inner: FileNode): FileNode {
    return new SlowNode(inner, this.#owner);
  }

  protected override wrapFile(inner: OpenFile): OpenFile {
    return new SlowFile(inner, this.#owner);
  }

  override async walk(name: string): Promise<FileNode> {
    await this.#owner.gate.pass();
    return await super.walk(name);
  }

  override async open(flags: number): Promise<OpenFile> {
    await this.#owner.gate.pass();
    return await super.open(flags);
  }

  override close(): Awaitable<void> {
    this.#owner.nodes -= 1;
    return super.close();
  }
}

class SlowFile extends ForwardingFile {
  readonly #owner: SlowFileSystem;
  #closed = false;

  constructor(inner: OpenFile, owner: SlowFileSystem) {
    super(inner);
    this.#owner = owner;
    owner.files += 1;
  }

  override async read(into: Uint8Array, offset: number): Promise<number> {
    await this.#owner.gate.pass();
    if (this.#closed) throw new Error("read after close");
    return await super.read(into, offset);
  }

  override async write(from: Uint8Array, offset: number): Promise<number> {
    await this.#owner.gate.pass();
    if (this.#closed) throw new Error("written after close");
    return await super.write(from, offset);
  }

  override close(): Awaitable<void> {
    this.#closed = true;
    this.#owner.files -= 1;
    return super.close();
  }
}
