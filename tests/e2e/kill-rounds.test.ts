import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { shared } from "../support/debian.ts";
import { Instance } from "../support/instance.ts";
import { killRounds } from "../support/kill-rounds.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { tinyRoot } from "../support/tiny-root.ts";

/** Hundreds of rounds: `node bench/kill-rounds.ts SEED ROUNDS`. */
test("whatever is killed at whatever moment, nothing is lost", async () => {
  const archive = tinyRoot(await temporaryDirectory());
  const instance = await Instance.create();
  onTestFinished(() => instance.remove());
  // Trying the accelerators has nothing to do with it.
  copyFileSync(join(shared().home, "accelerator.json"), join(instance.home, "accelerator.json"));
  const { rounds } = await killRounds({ instance, archive, seed: 20_261_124, rounds: 8 });
  expect(rounds).toBe(8);
}, 400_000);
