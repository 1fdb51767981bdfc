import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { packCpio } from "../../scripts/lib/cpio.ts";

const source = join(import.meta.dirname, "../conformance/compute-service-guest.c");

/** Compiles the suite's guest and packs it as an initramfs at `path`. */
export async function buildConformanceGuest(path: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "tswsl-guest-"));
  try {
    const init = join(directory, "init");
    await promisify(execFile)("gcc", ["-O1", "-static", "-s", "-o", init, source]);
    const content = await readFile(init);
    const archive = packCpio([
      { kind: "folder", path: "dev", mode: 0o755 },
      { kind: "character-device", path: "dev/console", mode: 0o600, major: 5, minor: 1 },
      { kind: "file", path: "init", mode: 0o755, content },
    ]);
    await writeFile(path, archive);
  } finally {
    await rm(directory, { recursive: true });
  }
}
