import { setTimeout as delay } from "node:timers/promises";

/** Under software emulation, and while other things run, the guest takes its time. */
const PATIENCE_MS = 60_000;

/** What a program that watches files has written so far. */
export type Heard = () => readonly string[] | Promise<readonly string[]>;

/** Waits until all of these lines have come, in this order, with others between them: `heard`, or what has come instead. */
export async function untilHeard(heard: Heard, ...expected: readonly string[]): Promise<string> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const lines = await heard();
    if (isWithin(expected, lines)) return "heard";
    if (Date.now() > deadline) return lines.join("\n");
    await delay(50);
  }
}

/** Changes files of such a name until the guest hears of one: then what it watches is watched on the host. */
export async function untilWatched(
  heard: Heard,
  change: (probe: string) => Promise<void>,
  name = "probe",
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let round = 0; Date.now() < deadline; round += 1) {
    await change(`${name}${round}`);
    if ((await heard()).some((line) => line.includes(name))) return;
  }
  throw new Error(`the guest never heard of a change: ${(await heard()).join("\n")}`);
}

function isWithin(expected: readonly string[], present: readonly string[]): boolean {
  let at = 0;
  for (const line of present) if (line === expected[at]) at += 1;
  return at === expected.length;
}
