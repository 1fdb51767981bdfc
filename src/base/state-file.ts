import { readFile } from "node:fs/promises";
import * as v from "valibot";
import writeFileAtomic from "write-file-atomic";
import { TswslError } from "./errors.ts";

/**
 * A small JSON file that is always whole: written to a temporary, synced, renamed. Readers validate, so that a file
 * edited by hand fails with a sentence and not somewhere later.
 */
export class StateFile<S extends v.GenericSchema> {
  readonly path: string;
  readonly #schema: S;

  constructor(path: string, schema: S) {
    this.path = path;
    this.#schema = schema;
  }

  /** The content, or undefined when the file does not exist. Raises `invalid-state` for content that is not ours. */
  async read(): Promise<v.InferOutput<S> | undefined> {
    const text = await readFile(this.path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw new TswslError("permission", `cannot read ${this.path}: ${error.message}`, { cause: error });
    });
    return text === undefined ? undefined : this.#parse(text);
  }

  /** Replaces the content atomically and durably. */
  async write(value: v.InferInput<S>): Promise<void> {
    await writeFileAtomic(this.path, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  }

  #parse(text: string): v.InferOutput<S> {
    try {
      return v.parse(this.#schema, JSON.parse(text));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new TswslError("invalid-state", `${this.path} is not readable as tswsl wrote it: ${reason}`, {
        cause: error,
        hint: `Repair the file, or move it away: mv '${this.path}' '${this.path}.bad'`,
      });
    }
  }
}
