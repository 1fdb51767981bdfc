import { existsSync, statSync } from "node:fs";
import type { FileUse } from "./documents.ts";
import { Hresult, HresultFailure } from "./hresults.ts";
import { toLinuxPath } from "./windows-paths.ts";

/** Which machine may open which file: what the access control lists of an NTFS hold. */
export class Grants {
  readonly #prefix: string;
  /** Linux path → ids of machines. */
  readonly #machines = new Map<string, Set<string>>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** `id path` for each. */
  all(): readonly string[] {
    return [...this.#machines].flatMap(([path, ids]) => [...ids].map((id) => `${id} ${path}`));
  }

  /** HcsGrantVmAccess and HcsRevokeVmAccess. */
  change(call: string, id: string, path: string): void {
    const file = this.file(path);
    const ids = this.#machines.get(file) ?? new Set();
    this.#machines.set(file, ids);
    if (call === "HcsRevokeVmAccess") ids.delete(id.toLowerCase());
    if (!existsSync(file)) throw new HresultFailure(Hresult.fileNotFound, path);
    if (call === "HcsGrantVmAccess") ids.add(id.toLowerCase());
  }

  /** Gives the Linux paths of files that a machine's document names; refuses those that it was not granted. */
  use(id: string): FileUse {
    return (path) => {
      const file = this.file(path);
      if (!existsSync(file)) throw new HresultFailure(Hresult.fileNotFound, path);
      if (statSync(file).isFile() && !this.#machines.get(file)?.has(id)) {
        throw new HresultFailure(Hresult.accessDenied, `${path} is not granted to the machine`);
      }
      return file;
    };
  }

  /** The Linux path. What is on no drive is nowhere. */
  file(path: string): string {
    const file = toLinuxPath(this.#prefix, path);
    if (file === undefined) throw new HresultFailure(Hresult.fileNotFound, `${path} is no path of a file`);
    return file;
  }
}
