import type { Attributes, DirectoryEntry, Request, Volume } from "../../../native/winfsp/native.d.ts";

const ENOENT = 2;
const EOPNOTSUPP = 95;
const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;
const DT_REG = 8;
const SILENCE = Symbol("no answer");

/** What a file holds; undefined where nobody who looks for it gets an answer. */
export type Content = string | undefined;

function attributes(number: number, mode: number, size: number): Attributes {
  const time = { seconds: 1_700_000_000, nanoseconds: 123_456_789 };
  return {
    qid: { path: number },
    mode,
    links: 1,
    uid: 0,
    gid: 0,
    device: 0,
    size,
    blocks: 0,
    accessed: time,
    modified: time,
    changed: time,
  };
}

/**
 * A folder with files that can be read, and with names that never get an answer: as little as it takes to see requests come and
 * answers go.
 */
export class OneFolder {
  /** Everything that was asked, in order. */
  readonly requests: Request[] = [];
  readonly #files: readonly (readonly [name: string, content: Content])[];

  constructor(files: Readonly<Record<string, Content>>) {
    this.#files = Object.entries(files);
  }

  serve = (volume: Volume, request: Request): void => {
    this.requests.push(request);
    if (request.op === "forget" || request.op === "cancel" || request.op === "unmounted") return;
    const answer = this.#answer(request);
    if (answer === SILENCE) return;
    if (typeof answer === "number" && request.op !== "open" && request.op !== "opendir") {
      volume.fail(request.id, answer);
    } else {
      volume.succeed(request.id, answer);
    }
  };

  #answer(request: Request): unknown {
    switch (request.op) {
      case "lookup": {
        const at = this.#files.findIndex(([name]) => name === request.path);
        const found = this.#files[at];
        if (!found) return ENOENT;
        return found[1] === undefined ? SILENCE : { node: at + 2, attributes: this.#attributesOf(at + 2) };
      }
      case "getattr":
        return this.#attributesOf(request.node);
      case "open":
      case "opendir":
        return request.node;
      case "read":
        return Buffer.from(
          this.#contentOf(request.node).slice(request.offset, request.offset + request.length),
        );
      case "readdir":
        return this.#entries(request.withAttributes).slice(request.offset);
      case "flush":
      case "release":
      case "releasedir":
        return undefined;
      case "statfs": {
        const blocks = { blockSize: 4096, blocks: 1000, freeBlocks: 500, availableBlocks: 400 };
        return { ...blocks, files: 10, freeFiles: 5, nameLength: 255 };
      }
      default:
        return EOPNOTSUPP;
    }
  }

  #contentOf(node: number): string {
    return this.#files[node - 2]?.[1] ?? "";
  }

  #attributesOf(node: number): Attributes {
    if (node === 1) return attributes(1, S_IFDIR | 0o755, 0);
    return attributes(node, S_IFREG | 0o644, this.#contentOf(node).length);
  }

  #entries(withAttributes: boolean): DirectoryEntry[] {
    return this.#files.map(([name], index) => {
      const node = index + 2;
      const entry = { name, qid: { path: node }, type: DT_REG, offset: index + 1 };
      return withAttributes ? { ...entry, node, attributes: this.#attributesOf(node) } : entry;
    });
  }
}
