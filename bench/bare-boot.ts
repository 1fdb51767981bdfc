import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { packCpio } from "../scripts/lib/cpio.ts";
import { silentLogger } from "../src/base/log.ts";
import { computeSystemDocument } from "../src/vm/document.ts";
import { QemuNetworkService } from "../src/vm/qemu/network.ts";
import { QemuComputeService } from "../src/vm/qemu/service.ts";
import { ConsoleListener } from "../tests/support/console-listener.ts";
import { timed } from "./rows.ts";

const init = "#!/bin/busybox sh\nexec /bin/busybox poweroff -f\n";

/**
 * A boot and power-off of the kernel that tswsl boots, with its memory, processors and devices, and a BusyBox init
 * that does nothing else. Needs Debian's busybox-static. Answers with a function that takes milliseconds of one.
 */
export async function bareBoot(directory: string): Promise<() => Promise<number>> {
  const initrd = join(directory, "busybox.img");
  await writeFile(
    initrd,
    packCpio([
      { kind: "folder", path: "dev", mode: 0o755 },
      { kind: "character-device", path: "dev/console", mode: 0o600, major: 5, minor: 1 },
      { kind: "folder", path: "bin", mode: 0o755 },
      { kind: "file", path: "bin/busybox", mode: 0o755, content: await readFile("/usr/bin/busybox") },
      { kind: "file", path: "init", mode: 0o755, content: Buffer.from(init) },
    ]),
  );
  const service = new QemuComputeService({
    network: new QemuNetworkService(),
    acceleratorFile: join(directory, "accelerator.json"),
    log: silentLogger(),
  });
  const signal = AbortSignal.timeout(3_600_000);
  const boot = async (): Promise<void> => {
    const console = await ConsoleListener.open(join(directory, "bare.sock"));
    const document = computeSystemDocument({
      kernel: resolve("dist/guest/vmlinux"),
      initrd,
      systemImage: resolve("dist/guest/system.erofs"),
      memoryMiB: Math.floor(totalmem() / 1024 ** 2 / 2),
      processors: availableParallelism(),
      console: console.path,
      ports: [],
    });
    const system = await service.create(randomUUID(), document, signal);
    try {
      await system.start(signal);
      const status = await system.exited;
      if (status.ExitType !== "GracefulExit")
        throw new Error(`the bare boot ended: ${JSON.stringify(status)}`);
    } finally {
      await system.close();
      await console.close();
    }
  };
  // The first finds the accelerator.
  await boot();
  return () => timed(boot);
}
