import { attributesOf } from "../codec/attributes.ts";
import { toFileError } from "../errors/to-file-error.ts";
import type { Attributes } from "../file-system.ts";
import type { Client } from "./client.ts";

/** P9_GETATTR_ALL. */
const GETATTR_ALL = 0x3fff;

/** Attributes by a fid, open or not. */
export async function getattr(client: Client, fid: number): Promise<Attributes> {
  try {
    const { changes } = client;
    const found = attributesOf(
      await client.connection.request("Tgetattr", { fid, requestMask: GETATTR_ALL }),
    );
    // What was asked before a change and answered after it may be either.
    if (changes === client.changes) client.attributes.set(found);
    return found;
  } catch (error) {
    throw toFileError(error);
  }
}
