import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { contentKey, ensureEntry } from "../../../scripts/lib/content-cache.ts";
import type { Progress } from "../../../scripts/lib/progress.ts";

const { signal } = new AbortController();
let folder: string;
let said: string[];
let progress: Progress;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tswsl-cache-"));
  said = [];
  // ensureEntry only speaks; the other methods are not called.
  progress = { say: (text: string) => void said.push(text) } as unknown as Progress;
});
afterEach(() => rmSync(folder, { recursive: true }));

test("an entry is built once and found afterwards", async () => {
  let builds = 0;
  const build = async (into: string): Promise<void> => writeFileSync(join(into, "file"), `${++builds}`);
  const place = await ensureEntry({ folder, key: "a", build }, signal, progress);
  expect(await ensureEntry({ folder, key: "a", build }, signal, progress)).toBe(place);
  expect(readFileSync(join(place, "file"), "utf8")).toBe("1");
});

test("a build that fails leaves nothing", async () => {
  const build = async (into: string): Promise<void> => {
    writeFileSync(join(into, "half"), "");
    throw new Error("no");
  };
  await expect(ensureEntry({ folder, key: "a", build }, signal, progress)).rejects.toThrow("no");
  expect(readdirSync(folder)).toEqual([]);
});

test("two at a time build once; the second waits and says so", async () => {
  let builds = 0;
  let finish = (): void => {};
  const finished = new Promise<void>((done) => (finish = done));
  const build = async (): Promise<void> => {
    builds++;
    await finished;
  };
  const first = ensureEntry({ folder, key: "a", build }, signal, progress);
  const second = ensureEntry({ folder, key: "a", build }, signal, {
    say: (text: string) => {
      said.push(text);
      finish();
    },
  } as unknown as Progress);
  expect(await second).toBe(await first);
  expect(builds).toBe(1);
  expect(said).toEqual(["another process is building the same thing; waiting for it"]);
});

test("what a killed build left is removed by the next build of any entry", async () => {
  mkdirSync(join(folder, "killed.partial"));
  await ensureEntry({ folder, key: "a", build: async () => {} }, signal, progress);
  expect(existsSync(join(folder, "killed.partial"))).toBe(false);
});

test("a build that is cancelled while it waits gives up", async () => {
  const cancelled = new AbortController();
  let finish = (): void => {};
  const finished = new Promise<void>((done) => (finish = done));
  const first = ensureEntry({ folder, key: "a", build: () => finished }, signal, progress);
  const second = ensureEntry({ folder, key: "a", build: async () => {} }, cancelled.signal, {
    say: () => cancelled.abort(),
  } as unknown as Progress);
  await expect(second).rejects.toThrow("aborted");
  finish();
  await first;
});

test("a key depends on where one part ends and the next begins", () => {
  expect(contentKey("ab", "c")).not.toBe(contentKey("a", "bc"));
});
