import { setTimeout as delay } from "node:timers/promises";
import { expect, inject, test } from "vitest";
import type { Result } from "../support/instance.ts";
import { inDebian, shared } from "../support/windows/shared-windows.ts";
import { ask } from "../support/windows/suite/control.ts";

/** What a command says that runs in Debian while this befalls the virtual machine's side. */
async function during(deed: "crash" | "kill"): Promise<Pick<Result, "status" | "stderr">> {
  const command = (await shared()).run(["-d", "debian", "--", "sleep", "1000"]);
  while ((await inDebian("pidof sleep")).status !== 0) await delay(100);
  await ask(inject("standIn"), deed);
  const { status, stderr } = await command;
  return { status, stderr };
}

test.each([
  ["crash", "the Host Compute Service (vmcompute) stopped, and the virtual machine with it"],
  ["kill", "the virtual machine died: its process ended unexpectedly"],
] as const)("after a %s under a command it says what died, and the next one works", async (deed, words) => {
  const { status, stderr } = await during(deed);
  expect(stderr).toContain(`tswsl: ${words}\n  → The next command starts it again.`);
  expect(status).toBe(125);
  expect((await inDebian("echo again")).text).toBe("again");
});
