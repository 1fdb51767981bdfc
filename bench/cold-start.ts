import type { Instance } from "../tests/support/instance.ts";
import { compared, median, reported, ROUNDS, timed, type Row } from "./rows.ts";

interface Status {
  readonly vm: { readonly startStages: Record<string, number> };
}

/** Daemon and VM stopped → `tswsl -d debian true` done; booted, and from a saved VM. */
export async function coldStarts(
  instance: Instance,
  bareBoot: () => Promise<number>,
): Promise<readonly Row[]> {
  await instance.ok(["set", "--saved-vm", "off"]);
  const booted = await coldStart(instance, "boot", bareBoot);
  await instance.ok(["set", "--saved-vm", "on"]);
  await saveVm(instance);
  const restored = await coldStart(instance, "restore", bareBoot);
  const peer = "boot and power-off of the same kernel with BusyBox";
  return [
    compared(
      { name: "cold start", value: booted.total, unit: "ms" },
      { name: peer, value: booted.bare },
      { atMost: 2.5 },
    ),
    ...booted.stages,
    compared(
      { name: "cold start from a saved VM", value: restored.total, unit: "ms" },
      { name: peer, value: restored.bare },
      { atMost: 1 },
    ),
    ...restored.stages,
  ];
}

interface ColdStart {
  readonly total: number;
  readonly bare: number;
  readonly stages: readonly Row[];
}

async function coldStart(
  instance: Instance,
  expected: "boot" | "restore",
  bareBoot: () => Promise<number>,
): Promise<ColdStart> {
  const totals: number[] = [];
  const bare: number[] = [];
  const stages: Record<string, number>[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await instance.stop();
    const total = await timed(() => instance.ok(["-d", "debian", "true"]));
    const { vm } = await instance.json<Status>(["status"]);
    if (!(expected in vm.startStages)) throw new Error(`a start without ${expected}`);
    const inVm = Object.entries(vm.startStages).filter(([name]) => !name.startsWith("guest."));
    const rest = total - inVm.reduce((sum, [, ms]) => sum + ms, 0);
    stages.push({ ...vm.startStages, "client, daemon, distro and command": rest });
    totals.push(total);
    // The copy of the memory for the next restore is made after three seconds; a user is not quicker.
    await new Promise((resolve) => setTimeout(resolve, 6000));
    bare.push(await bareBoot());
  }
  const names = Object.keys(stages[0] ?? {});
  return {
    total: median(totals),
    bare: median(bare),
    stages: names.map((name) =>
      reported({ name: `  ${name}`, value: median(stages.map((each) => each[name] ?? 0)), unit: "ms" }),
    ),
  };
}

/** Waits until a start goes on from a saved VM. */
async function saveVm(instance: Instance): Promise<void> {
  for (;;) {
    await instance.stop();
    await instance.ok(["-d", "debian", "true"]);
    const { vm } = await instance.json<Status>(["status"]);
    if ("restore" in vm.startStages) return;
    await new Promise((resolve) => setTimeout(resolve, 25_000));
  }
}
