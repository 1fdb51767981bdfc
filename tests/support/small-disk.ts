import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A file system of so many MiB, in memory, gone when the running test has finished. Only root may mount it. */
export class SmallDisk {
  readonly path: string;

  constructor(mebibytes: number) {
    this.path = mkdtempSync(join(tmpdir(), "tswsl-small-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m`, "tswsl-test", this.path]);
    onTestFinished(() => this.#remove());
  }

  /** Takes space away until so many MiB are free; gives back what is too much. */
  leave(mebibytes: number): void {
    const ballast = join(this.path, "ballast");
    rmSync(ballast, { force: true });
    writeFileSync(ballast, "");
    // Others may take space between the look and the deed.
    for (let tries = 0; tries < 10; tries++) {
      const bytes = this.#free() - mebibytes * 1024 ** 2;
      if (bytes <= 0 || spawnSync("fallocate", ["-l", String(bytes), ballast]).status === 0) return;
    }
    throw new Error(`cannot leave ${mebibytes} MiB on ${this.path}`);
  }

  #free(): number {
    const { bavail, bsize } = statfsSync(this.path);
    return bavail * bsize;
  }

  #remove(): void {
    execFileSync("umount", [this.path]);
    rmSync(this.path, { recursive: true });
  }
}

/** Why a test that needs a {@link SmallDisk} cannot run, if it cannot. */
export const noSmallDisk = process.getuid?.() === 0 ? undefined : "only root may mount a small disk";
