import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import type { TestProject } from "vitest/node";
import { Instance } from "./instance.ts";
import { mountsBelow, processesOf } from "./leaks.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Directory of the instance that all e2e files share, with `debian` installed. */
    home: string;
  }
}

/** Installs one Debian for all end-to-end tests, and checks at the end that nothing of them is left. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const before = temporaries();
  const instance = await Instance.create();
  // inotify-tools for host-changes.test.ts: cheaper here than with apt in an emulated machine.
  const what = ["debian", "--bootstrap", "--include", "inotify-tools"];
  await instance.ok(["install", ...what], { timeoutMs: 280_000 });
  project.provide("home", instance.home);
  return async () => {
    await instance.remove();
    const left = [
      ...processesOf(instance.home).map(({ pid, command }) => `process ${pid}: ${command}`),
      ...mountsBelow(tmpdir()).filter((point) => point.includes("tswsl")),
      ...temporaries().filter((name) => !before.includes(name)),
    ];
    if (left.length > 0) throw new Error(`the end-to-end tests left behind:\n${left.join("\n")}`);
  };
}

function temporaries(): string[] {
  return readdirSync(tmpdir()).filter((name) => /tswsl|mmdebstrap/.test(name));
}
