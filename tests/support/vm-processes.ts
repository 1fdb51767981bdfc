import { processesOf } from "./leaks.ts";

const others = ["/saved-vm/partial-", "--version"];

/**
 * QEMU's processes that run an instance's VM: one at most. Not the one that makes the saved VM in the background, nor
 * one that is only asked for its version, which each new machine begins with.
 */
export function vmProcesses(home: string): number[] {
  return processesOf(home)
    .filter(
      ({ command }) => command.includes("qemu-system") && !others.some((other) => command.includes(other)),
    )
    .map(({ pid }) => pid);
}
