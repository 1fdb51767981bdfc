import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { cpus, release } from "node:os";
import { TswslError } from "../../base/errors.ts";
import type { ComputeSystemDocument } from "../hcs-types.ts";
import { documentFiles } from "./document-files.ts";

/**
 * What a saved machine depends on, as a hash: this Windows, this processor, the document but for names that only one
 * start has, and the files it boots from by size, time and id. Raises `not-found`.
 */
export async function hcsStateKey(document: ComputeSystemDocument): Promise<string> {
  const { GuestState: _, RestoreState: __, ...machine } = document.VirtualMachine;
  const { ComPorts: ___, NetworkAdapters, ...devices } = machine.Devices;
  const bare = { ...document, VirtualMachine: { ...machine, Devices: devices } };
  const facts = {
    document: bare,
    macs: Object.values(NetworkAdapters ?? {}).map(({ MacAddress }) => MacAddress.toLowerCase()),
    windows: release(),
    processor: cpus()[0]?.model,
    files: await Promise.all(documentFiles(bare).map(({ path }) => identity(path))),
  };
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 32);
}

async function identity(path: string): Promise<string> {
  try {
    const { size, mtimeMs, ino } = await stat(path);
    return `${path} ${size} ${mtimeMs} ${ino}`;
  } catch (cause) {
    throw new TswslError("not-found", `cannot find ${path}`, { cause, hint: "Install tswsl again." });
  }
}
