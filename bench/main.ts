/**
 * Measures tswsl against peers in the same run and writes bench/results/latest.json.
 * `npm run bench` after `npm run build`. Medians of RUNS; ratios, since machines differ.
 */
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { Instance } from "../tests/support/instance.ts";

const RUNS = Number(process.env["RUNS"] ?? 7);
const run = promisify(execFile);

interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: "ms";
  readonly peer?: string;
  readonly peerValue?: number;
  readonly ratio?: number;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function repeat(work: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let n = 0; n < RUNS; n++) values.push(await work());
  return Math.round(median(values));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const against = (name: string, value: number, peer: string, peerValue: number): Row => ({
  name,
  value,
  unit: "ms",
  peer,
  peerValue,
  ratio: Number((value / peerValue).toFixed(2)),
});

/** A boot and power-off of the same kernel with an init that does nothing else, as `scripts/boot-many.ts` counts it. */
async function bareBoot(): Promise<number> {
  const { stdout } = await run(process.execPath, ["scripts/boot-many.ts", String(RUNS)]);
  const total = /start to exit: .*median (\d+) ms/.exec(stdout);
  return Number(total?.[1]);
}

const instance = await Instance.create();
const rows: Row[] = [];
try {
  await instance.ok(["install", "debian", "--bootstrap"], { timeoutMs: 600_000 });
  const stages: Record<string, number>[] = [];
  const cold = await repeat(async () => {
    await instance.stop();
    const spent = await timed(() => instance.ok(["-d", "debian", "true"]));
    const { vm } = await instance.json<{ vm: { startStages: Record<string, number> } }>(["status"]);
    stages.push(vm.startStages);
    return spent;
  });
  rows.push(
    against(
      "cold start: daemon and VM stopped to `true` done",
      cold,
      "bare boot and power-off",
      await bareBoot(),
    ),
  );
  for (const stage of Object.keys(stages[0] ?? {})) {
    rows.push({
      name: `  stage ${stage}`,
      value: median(stages.map((each) => each[stage] ?? 0)),
      unit: "ms",
    });
  }
  const warm = await repeat(() => timed(() => instance.ok(["-d", "debian", "true"])));
  const node = await repeat(() => timed(() => run(process.execPath, ["-e", "0"])));
  rows.push(against("warm `tswsl -d debian true`", warm, "an empty Node program", node));
  const restart = await repeat(async () => {
    await instance.ok(["terminate", "debian"]);
    return timed(() => instance.ok(["-d", "debian", "true"]));
  });
  rows.push(
    against("stopped distro in a running VM to `true` done", restart, "the same, distro running", warm),
  );
} finally {
  await instance.remove();
}
await mkdir("bench/results", { recursive: true });
await writeFile("bench/results/latest.json", `${JSON.stringify(rows, undefined, 2)}\n`);
console.table(rows);
