import { loadNativeAddon } from "../../../../../src/base/windows/native-addon.ts";
import { environment } from "../environment.ts";

/** What the stand-in's TswslTestCall takes (tests/support/windows/winfsp/driver.cpp), without the callback that koffi adds. */
type Arguments = [
  what: string,
  prefix: string,
  name: string,
  argument: string,
  bytes: Uint8Array,
  first: bigint,
  second: bigint,
  results: BigUint64Array,
];

interface TestCall {
  readonly async: (...parameters: [...Arguments, (error: Error | null, status: number) => void]) => void;
}

interface Koffi {
  load(path: string): { func(prototype: string): TestCall };
}

// koffi's own module; see src/daemon/host/windows/native/koffi.ts.
const koffi = loadNativeAddon("koffi") as Koffi;
const call = koffi
  .load(environment("TSWSL_TEST_WINFSP"))
  .func(
    "int32_t TswslTestCall(const char *what, const char16_t *prefix, const char16_t *name, const char16_t *argument, void *bytes, uint64_t first, uint64_t second, void *results)",
  );

/** NTSTATUS values, as Windows' headers name them. */
export const status = {
  endOfFile: 0xc000_0011,
  accessDenied: 0xc000_0022,
  nameInvalid: 0xc000_0033,
  nameNotFound: 0xc000_0034,
  nameCollision: 0xc000_0035,
  pathNotFound: 0xc000_003a,
  timeout: 0xc000_00b5,
  directoryNotEmpty: 0xc000_0101,
  disconnected: 0xc000_020c,
} as const;

/** A call that Windows' driver refused or the file system did. */
export class StatusError extends Error {
  readonly status: number;

  constructor(what: string, value: number) {
    super(`${what}: 0x${value.toString(16)}`);
    this.status = value;
  }
}

export interface CallOptions {
  readonly name?: string;
  readonly argument?: string;
  readonly bytes?: Uint8Array;
  readonly first?: bigint;
  readonly second?: bigint;
  readonly length?: number;
}

/** What GENERIC_READ and GENERIC_WRITE come to, and DELETE with the reading of attributes. */
export const access = { all: 0x0012_019fn, read: 0x0012_0089n, attributes: 0x0001_0080n } as const;

const END = 0xffff_ffff_ffff_ffffn;
const DIRECTORY = 0x100n;
const disposition = { create: 1n, open: 2n, overwrite: 3n } as const;

/** A program of Windows that uses the files of one prefix. */
export class Program {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  async call(what: string, options: CallOptions = {}): Promise<BigUint64Array> {
    const { name = "", argument = "", bytes = new Uint8Array(8), first = 0n, second = 0n, length } = options;
    const results = new BigUint64Array(4);
    results[0] = BigInt(length ?? bytes.length);
    const value = await new Promise<number>((resolve, reject) => {
      call.async(what, this.#prefix, name, argument, bytes, first, second, results, (error, result) => {
        if (error) reject(error);
        else resolve(result >>> 0);
      });
    });
    if (value !== 0) throw new StatusError(what, value);
    return results;
  }

  async open(
    name: string,
    how: keyof typeof disposition = "open",
    granted: bigint = access.all,
  ): Promise<OpenedFile> {
    const results = await this.call("open", { name, first: granted, second: disposition[how] });
    return new OpenedFile(this, results);
  }

  async makeDirectory(name: string): Promise<void> {
    const second = disposition.create | DIRECTORY;
    await new OpenedFile(this, await this.call("open", { name, first: access.attributes, second })).close();
  }

  async writeFile(name: string, content: Uint8Array | string): Promise<void> {
    const file = await this.open(name, "create");
    try {
      await file.write(Buffer.from(content), 0);
    } finally {
      await file.close();
    }
  }

  async readFile(name: string): Promise<Buffer> {
    const file = await this.open(name, "open", access.read);
    try {
      return await file.read(0, Number(file.size));
    } finally {
      await file.close();
    }
  }

  async remove(name: string): Promise<void> {
    const file = await this.open(name, "open", access.attributes);
    try {
      await this.call("delete", { first: file.handle });
    } finally {
      await file.close();
    }
  }

  async rename(name: string, newName: string, replace: boolean): Promise<void> {
    const file = await this.open(name, "open", access.attributes);
    try {
      await this.call("rename", { name: newName, first: file.handle, second: replace ? 1n : 0n });
    } finally {
      await file.close();
    }
  }

  /** Each entry as `name|size|FILE_ATTRIBUTE_…`. */
  async list(name: string): Promise<string[]> {
    const directory = await this.open(name, "open", access.read);
    try {
      const bytes = Buffer.alloc(4 * 1024 * 1024);
      const results = await this.call("list", { first: directory.handle, bytes });
      return bytes.toString("utf16le", 0, Number(results[0])).split("\n").slice(0, -1);
    } finally {
      await directory.close();
    }
  }
}

/** An open file of a {@link Program}. */
export class OpenedFile {
  readonly #program: Program;
  readonly handle: bigint;
  readonly size: bigint;
  readonly attributes: number;

  constructor(program: Program, [handle = 0n, size = 0n, attributes = 0n]: BigUint64Array) {
    this.#program = program;
    this.handle = handle;
    this.size = size;
    this.attributes = Number(attributes);
  }

  async call(what: string, options: CallOptions = {}): Promise<BigUint64Array> {
    return await this.#program.call(what, { ...options, first: this.handle });
  }

  async read(offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(Math.max(length, 8));
    const [done = 0n] = await this.call("read", { bytes, second: BigInt(offset), length });
    return bytes.subarray(0, Number(done));
  }

  /** Returns the file's size afterwards. Without an offset: at its end. */
  async write(bytes: Uint8Array, offset?: number, argument = ""): Promise<bigint> {
    const second = offset === undefined ? END : BigInt(offset);
    const [, size = 0n] = await this.call("write", { bytes, second, argument, length: bytes.length });
    return size;
  }

  async close(): Promise<void> {
    await this.call("close");
  }
}
