/**
 * The part of vitest that the conformance suites use, for a node.exe under Wine, where vitest itself does not run. The
 * matchers are vitest's own.
 */
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";

export interface TestResult {
  readonly name: string;
  readonly status: "passed" | "failed" | "skipped";
  readonly milliseconds: number;
  readonly error?: string;
}

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
export const expect = chai.expect;

type Body = () => unknown;
type Hook = () => unknown;

interface Case {
  readonly name: string;
  readonly body: Body;
  readonly skipped: boolean;
}

const cases: Case[] = [];
const before: Hook[] = [];
const after: Hook[] = [];
let prefix = "";

export const beforeEach = (hook: Hook): unknown => before.push(hook);
export const afterEach = (hook: Hook): unknown => after.push(hook);

/** Of the test that runs. */
const finished: Hook[] = [];

export const onTestFinished = (hook: Hook): unknown => finished.push(hook);

let skipping = false;

function group(name: string, body: () => void, skip = false): void {
  const outer = { prefix, skipping };
  prefix = `${prefix}${name} > `;
  skipping ||= skip;
  body();
  ({ prefix, skipping } = outer);
}

export const describe = Object.assign((name: string, body: () => void): void => group(name, body), {
  skipIf:
    (condition: boolean | undefined) =>
    (name: string, body: () => void): void =>
      group(name, body, condition === true),
});

const add = (name: string, body: Body, skipped = false): void => {
  cases.push({ name: prefix + name, body, skipped: skipped || skipping });
};

/** Each `%s` and `%d` in turn is one of the values. */
function formatted(name: string, values: readonly unknown[]): string {
  let next = 0;
  return name.replaceAll(/%[sd]/g, () => String(values[next++]));
}

export const test = Object.assign((name: string, body: Body): void => add(name, body), {
  skipIf: (condition: boolean | undefined) => (name: string, body: Body) =>
    add(name, body, condition === true),
  each:
    <T>(values: readonly T[]) =>
    (name: string, body: (...value: T[]) => unknown) => {
      for (const value of values) {
        // What stands in a list is a test's parameters.
        const given: readonly T[] = Array.isArray(value) ? value : [value];
        add(formatted(name, given), () => body(...given));
      }
    },
});

export const vi = {
  waitFor: async (check: () => unknown, { timeout }: { readonly timeout: number }): Promise<void> => {
    const until = Date.now() + timeout;
    for (;;) {
      try {
        await check();
        return;
      } catch (error) {
        if (Date.now() > until) throw error;
        await sleep(50);
      }
    }
  },
};

/** No test of a suite takes longer. */
const TEST_MS = 240_000;

/** Runs every test whose name matches, one after the other, and appends one line of JSON to `file` for each. */
export async function runTests(file: string, only: RegExp): Promise<void> {
  for (const { name, body, skipped } of cases.filter((entry) => only.test(entry.name))) {
    const start = performance.now();
    const error = skipped ? undefined : await failure(body);
    const status = skipped ? "skipped" : error === undefined ? "passed" : "failed";
    const milliseconds = Math.round(performance.now() - start);
    const result: TestResult = { name, status, milliseconds, ...(error === undefined ? {} : { error }) };
    appendFileSync(file, `${JSON.stringify(result)}\n`);
  }
}

async function failure(body: Body): Promise<string | undefined> {
  const errors: unknown[] = [];
  const attempt = async (step: Body): Promise<void> => {
    try {
      await Promise.race([step(), late()]);
    } catch (error) {
      errors.push(error);
    }
  };
  for (const hook of before) await attempt(hook);
  if (errors.length === 0) await attempt(body);
  for (const hook of finished.splice(0).toReversed()) await attempt(hook);
  for (const hook of after.toReversed()) await attempt(hook);
  return errors.length === 0 ? undefined : errors.map(describeError).join("\n");
}

async function late(): Promise<never> {
  await sleep(TEST_MS, undefined, { ref: false });
  throw new Error(`not done after ${TEST_MS / 1000} s`);
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
