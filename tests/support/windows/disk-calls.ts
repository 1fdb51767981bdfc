import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { rename, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { HresultFailure } from "./hresults.ts";
import type { Session } from "./session.ts";
import type { CallResult } from "./stand-in-host.ts";
import { toLinuxPath } from "./windows-paths.ts";
import type { Field } from "./wire.ts";

/** Win32 errors: what virtdisk.dll answers with. */
const Win32 = { fileNotFound: 2, pathNotFound: 3, fileExists: 80, invalidParameter: 87 } as const;
/** VIRTUAL_STORAGE_TYPE_DEVICE_VHDX */
const VHDX = 3;

const run = promisify(execFile);

/** virtdisk.dll, over qemu-img. */
export class DiskCalls {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Undefined for a function of another library. */
  answer = async (_: Session, call: string, args: readonly Field[]): Promise<CallResult | undefined> => {
    const [path = "", ...rest] = args.map((field) => field ?? "");
    switch (call) {
      case "CreateVirtualDisk":
        return await this.#create(path, rest.map(Number));
      case "OpenVirtualDisk":
        this.#existing(path);
        return { results: [] };
      case "ResizeVirtualDisk":
        await rewrite(this.#existing(path), Number(rest[0]));
        return { results: [] };
      case "CompactVirtualDisk":
        await rewrite(this.#existing(path));
        return { results: [] };
      case "GetVirtualDiskInformation":
        return await this.#describe(this.#existing(path));
      default:
        return undefined;
    }
  };

  async #create(path: string, [device, , bytes = 0, blockBytes = 0]: readonly number[]): Promise<CallResult> {
    const file = toLinuxPath(this.#prefix, path);
    if (file === undefined) throw new HresultFailure(Win32.pathNotFound, path);
    if (existsSync(file)) throw new HresultFailure(Win32.fileExists, path);
    if (
      device !== VHDX ||
      !path.toLowerCase().endsWith(".vhdx") ||
      bytes % 512 !== 0 ||
      bytes < 3 * 1024 ** 2
    ) {
      throw new HresultFailure(Win32.invalidParameter, path);
    }
    const options = ["subformat=dynamic", ...(blockBytes > 0 ? [`block_size=${blockBytes}`] : [])];
    await run("qemu-img", ["create", "-q", "-f", "vhdx", "-o", options.join(","), file, String(bytes)]);
    return { results: [] };
  }

  async #describe(file: string): Promise<CallResult> {
    const { bytes, blockBytes } = await imageInfo(file);
    const { size } = await stat(file);
    return { results: [String(bytes), String(size), String(blockBytes)] };
  }

  #existing(path: string): string {
    const file = toLinuxPath(this.#prefix, path);
    if (file === undefined || !existsSync(file)) throw new HresultFailure(Win32.fileNotFound, path);
    return file;
  }
}

/** Writes the disk anew, without the blocks that hold only zeroes, and larger if it is to be: qemu-img resizes no VHDX. */
async function rewrite(file: string, bytes?: number): Promise<void> {
  const copy = `${file}.new`;
  const size = bytes ?? (await imageInfo(file)).bytes;
  await run("qemu-img", ["create", "-q", "-f", "vhdx", "-o", "subformat=dynamic", copy, String(size)]);
  await run("qemu-img", ["convert", "-n", "-f", "vhdx", "-O", "vhdx", file, copy]);
  await rename(copy, file);
}

async function imageInfo(file: string): Promise<{ bytes: number; blockBytes: number }> {
  const { stdout } = await run("qemu-img", ["info", "--force-share", "--output=json", file]);
  // qemu-img's ImageInfo.
  const info = JSON.parse(stdout) as { "virtual-size": number; "cluster-size"?: number };
  return { bytes: info["virtual-size"], blockBytes: info["cluster-size"] ?? 0 };
}
