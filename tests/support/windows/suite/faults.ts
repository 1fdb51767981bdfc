/** Run by node.exe under Wine: what goes wrong between tswsl and Windows' services, through the real addons. */
import { afterEach, beforeEach, expect, vi } from "vitest";
import { environment } from "./environment.ts";
import { closeAll, linux } from "./faults/bench.ts";
import { testCycles } from "./faults/cycles.ts";
import { testHostileGuest } from "./faults/hostile-guest.ts";
import { testHresults } from "./faults/hresults.ts";
import { testNativeCalls } from "./faults/native-calls.ts";
import { testNetwork } from "./faults/network.ts";
import { testServiceDeath } from "./faults/service-death.ts";
import { runTests } from "./vitest.ts";

beforeEach(() => linux("calm"));

async function expectNothingLeft(): Promise<void> {
  await vi.waitFor(async () => expect(await linux("leftovers")).toEqual([]), { timeout: 10_000 });
}

afterEach(async () => {
  await linux("calm");
  await closeAll();
  await expectNothingLeft();
});

testHresults();
testNetwork();
testServiceDeath();
testHostileGuest();
testNativeCalls();
testCycles();

await runTests(environment("TSWSL_TEST_RESULTS"), new RegExp(process.env["TSWSL_TEST_ONLY"] ?? ""));
process.exit(0);
