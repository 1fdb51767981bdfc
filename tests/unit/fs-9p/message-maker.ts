import { encodeMessage, type MessageName, messages, type Qid } from "../../../src/fs-9p/index.ts";

/** The names that the trees of the fuzz tests have, so that requests find something. */
export const TREE_NAMES = ["dir", "sub", "file", "link"] as const;

const numbers = [0, 1, 2, 3, 24, 4096, 8192, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1];
const hostileNames = ["", ".", "..", "a/b", "/", "../outside", "\0", "n".repeat(300), "\xff"];

/** Messages at random: such as a client might send, with fids and names that often exist, and such as it never would. */
export class MessageMaker {
  readonly #random: () => number;
  readonly #hostile: readonly string[];

  /** `more`: names that mean something to the host. */
  constructor(random: () => number, more: readonly string[] = []) {
    this.#random = random;
    this.#hostile = [...hostileNames, ...more];
  }

  noise(most: number): Buffer {
    return Buffer.from(Array.from({ length: Math.floor(this.#random() * most) }, () => this.#random() * 256));
  }

  /** Any message. */
  message(): Buffer {
    // Object.keys widens the keys to string.
    return this.#encode(this.#pick(Object.keys(messages) as MessageName[]), this.#tag());
  }

  request(): Buffer {
    const requests = Object.keys(messages).filter((name) => name.startsWith("T") && name !== "Tversion");
    return this.#encode(this.#pick([...requests, ...often, ...often, ...often]) as MessageName, this.#tag());
  }

  answer(tag: number): Buffer {
    const answers = Object.keys(messages).filter((name) => name.startsWith("R"));
    return this.#encode(this.#pick([...answers, "Rattach", "Rwalk", "Rlopen"]) as MessageName, tag);
  }

  #encode(name: MessageName, tag: number): Buffer {
    const fields = Object.entries<string>(messages[name].fields).map(([field, type]) => [
      field,
      this.#value(field, type),
    ]);
    // The fields are those of this message.
    return encodeMessage(name, tag, Object.fromEntries(fields) as never);
  }

  #value(field: string, type: string): unknown {
    // 0 and 1 are attached and mostly stay, the others come and go.
    if (/^(dfid|dirfd|olddirfid|newdirfid)$/.test(field)) return Math.floor(this.#random() * 4);
    if (field === "newfid") return 2 + Math.floor(this.#random() * 8);
    if (field === "fid") return Math.floor(this.#random() * 10);
    if (field === "flags") return this.#pick([0, 1, 2, 0o1002, 0o302, 0x200, 0o200000]);
    if (field === "mode") return this.#pick([0o644, 0o755, 0o10644, 0o20666, 0o100644, 0o6777]);
    switch (type) {
      case "str":
        return this.#name();
      case "names":
        return Array.from({ length: Math.floor(this.#random() * 4) }, () => this.#name());
      case "qid":
        return this.#qid();
      case "qids":
        return Array.from({ length: Math.floor(this.#random() * 4) }, () => this.#qid());
      case "data":
        return this.noise(300);
      case "cookie":
        return BigInt(this.#number());
      case "u8":
        return Math.floor(this.#random() * 4);
      case "u16":
        return this.#tag();
      default:
        return this.#number();
    }
  }

  #number(): number {
    return this.#random() < 0.5 ? Math.floor(this.#random() * 100) : this.#pick(numbers);
  }

  #name(): string {
    return this.#pick(this.#random() < 0.8 ? TREE_NAMES : this.#hostile);
  }

  #qid(): Qid {
    return { type: this.#pick([0, 2, 0x80]), version: 1, path: this.#number() };
  }

  #tag(): number {
    return Math.floor(this.#random() * 60_000);
  }

  #pick<T>(from: readonly T[]): T {
    // The index is inside, and no list is empty.
    return from[Math.floor(this.#random() * from.length)] as T;
  }
}

/** What makes the others go somewhere. */
const often = [
  "Twalk",
  "Twalk",
  "Tlopen",
  "Tlcreate",
  "Tmkdir",
  "Treaddir",
  "Tread",
  "Twrite",
  "Tsymlink",
  "Tunlinkat",
  "Treadlink",
  "Trenameat",
  "Tlink",
];

/** The same bytes with some changed, cut off or doubled. */
export function mutated(bytes: Buffer, random: () => number): Buffer {
  const copy = Buffer.from(bytes);
  const changes = 1 + Math.floor(random() * 4);
  for (let change = 0; change < changes && copy.length > 0; change += 1)
    copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
  const kind = random();
  if (kind < 0.1) return copy.subarray(0, Math.floor(random() * copy.length));
  return kind < 0.2 ? Buffer.concat([copy, copy]) : copy;
}
