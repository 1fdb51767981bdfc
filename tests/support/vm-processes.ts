import { processesOf } from "./leaks.ts";

/** QEMU's processes that run an instance's VM: one at most. Not the one that makes the saved VM in the background. */
export function vmProcesses(home: string): number[] {
  return processesOf(home)
    .filter(({ command }) => command.includes("qemu-system") && !command.includes("/saved-vm/partial-"))
    .map(({ pid }) => pid);
}
