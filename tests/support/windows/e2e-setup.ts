import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { cacheFolder } from "../../../scripts/lib/cache-folder.ts";
import { Scope } from "../../../src/base/scope.ts";
import { debianArchive } from "../debian-archive.ts";
import { processesOf } from "../leaks.ts";
import { StandInHost } from "./stand-in-host.ts";
import { ControlServer } from "./suite/control.ts";
import { WindowsInstance } from "./windows-instance.ts";
import { toWindowsPath } from "./windows-paths.ts";
import { WinePrefix } from "./wine-prefix.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The Wine prefix whose tswsl.exe has `debian` installed. */
    winePrefix: string;
    /** Its tests' own files, on Linux. */
    windowsScratch: string;
    /** The port on which what is behind HCS takes orders: `crash` ends the service, `kill` its machines. */
    standIn: string;
  }
}

/** Brings up a Windows with Hyper-V's stand-in, and installs one Debian for all tests; looks at the end what is left. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const before = temporaries();
  const scope = new Scope();
  try {
    const prefix = await WinePrefix.make();
    scope.defer(() => prefix.close());
    // Looked for once on this machine: it takes as long as a boot does.
    const acceleratorFile = join(cacheFolder(), "wine", "accelerator.json");
    const host = await StandInHost.open({ prefix: prefix.path, acceleratorFile });
    scope.defer(() => host.close());
    const control = await ControlServer.open({
      crash: () => host.crash(),
      kill: () => host.killMachines(),
    });
    scope.defer(() => control.close());
    const instance = await WindowsInstance.create(prefix);
    scope.defer(() => instance.remove());
    await installDebian(instance);
    project.provide("winePrefix", prefix.path);
    project.provide("windowsScratch", instance.scratch);
    project.provide("standIn", control.port);
    return async () => {
      await instance.ok(["shutdown", "--daemon"]);
      // A daemon that is killed cannot take back what it has granted to its machine.
      const held = host.leftovers().filter((what) => !what.startsWith("granted: "));
      await scope.close();
      const processes = processesOf(prefix.path).map(({ pid, command }) => `process ${pid}: ${command}`);
      const left = [...held, ...processes, ...temporaries().filter((name) => !before.includes(name))];
      if (left.length > 0) throw new Error(`the Windows tests left behind:\n${left.join("\n")}`);
    };
  } catch (error) {
    await scope.close();
    throw error;
  }
}

async function installDebian(instance: WindowsInstance): Promise<void> {
  // For tests; installing them there would take minutes under emulation.
  const archive = toWindowsPath(await debianArchive(instance.scratch, ["git", "inotify-tools"]));
  const install = ["install", "--from-file", archive, "--name", "debian"];
  await instance.ok(install, { timeoutMs: 280_000 }).catch((cause: unknown) => {
    throw new Error(`installing Debian failed: ${String(cause)}\n${instance.logs}`, { cause });
  });
}

function temporaries(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith("tswsl"));
}
