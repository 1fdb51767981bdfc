import { open } from "node:fs/promises";
import { asTswslError, TswslError } from "../../base/errors.ts";
import type { DiskFormat } from "../disk-format.ts";

/** A file that is the disk, byte for byte, with holes where nothing has been written. */
export const rawDisk: DiskFormat = {
  create: async (path, bytes) => {
    const file = await open(path, "wx", 0o600).catch(failed);
    try {
      await file.truncate(bytes);
      await file.sync();
    } catch (error) {
      failed(error);
    } finally {
      await file.close();
    }
  },
};

function failed(cause: unknown): never {
  throw new TswslError("unavailable", asTswslError(cause).message, { cause });
}
