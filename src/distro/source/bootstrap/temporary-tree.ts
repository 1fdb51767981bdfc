import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TswslError } from "../../../base/errors.ts";

/** A directory for mmdebstrap to work in, open to the other user ids it works as. */
export async function makeTemporaryTree(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "tswsl-bootstrap-"));
  await chmod(directory, 0o755);
  return directory;
}

/**
 * Removes it. mmdebstrap has emptied it unless it was killed; then a mount of the host's /dev or /sys could still be
 * below, and nothing is removed.
 */
export async function removeTemporaryTree(directory: string): Promise<void> {
  const mounts = await readFile("/proc/self/mountinfo", "utf8").catch(() => "");
  if (mounts.split("\n").some((line) => line.split(" ")[4]?.startsWith(`${directory}/`))) {
    throw new TswslError("internal", `something is still mounted below ${directory}`, {
      hint: `Unmount it (see: findmnt -R ${directory}), then delete the directory.`,
    });
  }
  await rm(directory, { recursive: true, force: true });
}
