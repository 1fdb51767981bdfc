/**
 * Adds the test reports up and ends with the line that CI reads. Exit status 1 when anything failed or nothing ran.
 * `node scripts/test-summary.ts REPORT_DIRECTORY [FAILED_PART…]`
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Assertion {
  readonly status: string;
  readonly fullName: string;
  readonly failureMessages?: readonly string[];
}

const [directory = ".", ...failedParts] = process.argv.slice(2);
const tests = readdirSync(directory).flatMap((name): Assertion[] => {
  // vitest's JSON reporter writes jest's shape.
  const report = JSON.parse(readFileSync(join(directory, name), "utf8")) as {
    testResults: { assertionResults: Assertion[] }[];
  };
  return report.testResults.flatMap((file) => file.assertionResults);
});

const count = (status: string): number => tests.filter((test) => test.status === status).length;
const skipped = tests.filter((test) => test.status !== "passed" && test.status !== "failed");
for (const test of skipped) console.log(`skipped: ${test.fullName}`);
// At the end, and with their words: of a long run's output only the end may be kept.
for (const test of tests.filter(({ status }) => status === "failed")) {
  console.log(`failed: ${test.fullName}\n${test.failureMessages?.join("\n") ?? ""}`);
}
for (const part of failedParts) console.log(`failed: ${part}`);
const failed = count("failed");
// A part that failed without a failing test (a crash, a lint error, a leak) is a failure all the same.
const failures = failed > 0 ? failed : failedParts.length;
console.log(`\n${count("passed")} passed, ${failures} failed, ${skipped.length} skipped`);
process.exitCode = failures > 0 || tests.length === 0 ? 1 : 0;
