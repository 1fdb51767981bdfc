import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import * as v from "valibot";
import type { Finding } from "../../protocol/host.ts";
import { missing, ok } from "./findings.ts";

/** Written by scripts/build-guest.ts: what was built together. */
const Manifest = v.object({
  version: v.string(),
  files: v.record(v.string(), v.object({ bytes: v.number(), sha256: v.string() })),
});

/** Kernel, system image and initramfs as they lie beside the program. */
export interface GuestFilesFact {
  readonly directory: string;
  /** The version they were built for; undefined without a readable manifest. */
  readonly version: string | undefined;
  readonly files: readonly GuestFile[];
}

interface GuestFile {
  readonly name: string;
  readonly state: "whole" | "missing" | "changed";
}

/** Compares the guest's files with their manifest: some 60 MB are read and hashed. */
export async function inspectGuestFiles(directory: string, signal: AbortSignal): Promise<GuestFilesFact> {
  const manifest = await readManifest(join(directory, "manifest.json"));
  if (manifest === undefined) return { directory, version: undefined, files: [] };
  const files = Object.entries(manifest.files).map(async ([name, { bytes, sha256 }]) => ({
    name,
    state: await inspectFile(join(directory, name), bytes, { sha256, signal }),
  }));
  return { directory, version: manifest.version, files: await Promise.all(files) };
}

export function guestFilesFinding({ directory, version, files }: GuestFilesFact, program: string): Finding {
  const remedy = "Build the guest anew: npm run build; an installed tswsl is repaired by its installer";
  const check = "guest files";
  if (version === undefined) {
    return missing(check, `there is no kernel and system image in ${directory}`, remedy);
  }
  const faults = files.filter(({ state }) => state !== "whole");
  if (faults.length > 0) {
    const list = faults.map(({ name, state }) => `${name} is ${state}`).join(", ");
    return missing(check, `in ${directory}, ${list}`, remedy);
  }
  if (version !== program) {
    return missing(check, `the guest was built for tswsl ${version}, this is ${program}`, remedy);
  }
  return ok(check, `kernel, system image and agent are whole and belong to this version (${version})`);
}

async function readManifest(path: string): Promise<v.InferOutput<typeof Manifest> | undefined> {
  try {
    return v.parse(Manifest, JSON.parse(await readFile(path, "utf8")));
  } catch {
    return undefined;
  }
}

async function inspectFile(
  path: string,
  bytes: number,
  { sha256, signal }: { readonly sha256: string; readonly signal: AbortSignal },
): Promise<GuestFile["state"]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return "missing";
  if (found.size !== bytes) return "changed";
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest("hex") === sha256 ? "whole" : "changed";
}
