/**
 * Kills parts of tswsl at random moments and looks whether anything is lost; see tests/support/kill-rounds.ts.
 *
 *     node bench/kill-rounds.ts [SEED] [ROUNDS] [MINUTES]      after `npm run build`
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Instance } from "../tests/support/instance.ts";
import { killRounds } from "../tests/support/kill-rounds.ts";
import { tinyRoot } from "../tests/support/tiny-root.ts";

const [seed = 1, rounds = 100, minutes = Infinity] = process.argv.slice(2).map(Number);
const report = (line: string): void => void process.stdout.write(`${line}\n`);

const directory = await mkdtemp(join(tmpdir(), "tswsl-kill-"));
const instance = await Instance.create();
try {
  const result = await killRounds({
    instance,
    archive: tinyRoot(directory),
    seed,
    rounds,
    limitMs: minutes * 60_000,
    report,
  });
  report(`\nseed ${seed}: ${result.rounds} rounds, nothing lost.`);
  report(`The slowest client ended ${Math.round(result.slowestEndMs)} ms after its daemon or VM was killed.`);
  for (const [words, count] of [...result.said].toSorted()) report(`${String(count).padStart(4)}  ${words}`);
} finally {
  await instance.remove();
  await rm(directory, { recursive: true });
}
