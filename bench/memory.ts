import type { Instance } from "../tests/support/instance.ts";
import { processesOf } from "../tests/support/leaks.ts";
import { residentMb } from "./resident.ts";
import { reported, type Row } from "./rows.ts";

interface Status {
  readonly daemon: { readonly pid: number };
}

const DAEMON_MB = 90;

/** Resident memory of daemon and QEMU with an idle distro running. */
export async function memory(instance: Instance): Promise<readonly Row[]> {
  await instance.ok(["-d", "debian", "true"]);
  // The guest reports freed pages every two seconds.
  await new Promise((resolve) => setTimeout(resolve, 8000));
  const { daemon } = await instance.json<Status>(["status"]);
  const qemu = processesOf(instance.home).find(({ command }) => command.includes("qemu-system"));
  return [
    reported({ name: "daemon, resident", value: await residentMb(daemon.pid), unit: "MB" }, DAEMON_MB),
    reported({
      name: "QEMU, resident, idle distro",
      value: qemu ? await residentMb(qemu.pid) : 0,
      unit: "MB",
    }),
  ];
}
