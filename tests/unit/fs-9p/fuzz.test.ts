import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decodeDirectoryEntries } from "../../../src/fs-9p/codec/directory-entries.ts";
import {
  Client,
  decodeMessage,
  encodeMessage,
  fileSystemThrough,
  formatMessage,
  HostDisk,
  MemoryFileSystem,
  type MessageName,
  messages,
} from "../../../src/fs-9p/index.ts";
import { settle } from "../../support/bytes.ts";
import { duplexPair } from "../../support/duplex-pair.ts";
import { openFiles } from "../../support/leaks.ts";
import { attack, namesIn, successes, successesOfNames } from "../../support/nine-p-attack.ts";
import { seededRandom } from "../../support/random.ts";
import { SlowFileSystem } from "../../support/slow-file-system.ts";
import { MessageMaker, mutated, TREE_NAMES } from "./message-maker.ts";

/** `FUZZ_SECONDS=600 npx vitest run --project unit tests/unit/fs-9p/fuzz.test.ts` goes on for ten minutes in all. */
const seconds = Number(process.env["FUZZ_SECONDS"] ?? 2);
const parts = 5;
const timeout = seconds * 1000 + 60_000;
// Object.keys widens the keys to string.
const names = Object.keys(messages) as MessageName[];

/** Rounds with seeds from 1, at least `least` of them and until this part's share of the time is over. */
async function rounds(
  least: number,
  round: (random: () => number, seed: number) => Promise<void> | void,
): Promise<void> {
  const end = performance.now() + (seconds * 1000) / parts;
  for (let seed = 1; seed <= least || performance.now() < end; seed += 1) {
    try {
      await round(seededRandom(seed), seed);
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
}

test("the decoder takes any bytes, and what it takes it can write again", { timeout }, async () => {
  let understood = 0;
  await rounds(2000, (random) => {
    const maker = new MessageMaker(random);
    for (const bytes of [
      maker.noise(200),
      mutated(maker.message(), random),
      mutated(maker.message(), random),
    ]) {
      if (bytes.length >= 4 && random() < 0.9) bytes.writeUInt32LE(bytes.length, 0);
      const message = decodeMessage(bytes);
      decodeDirectoryEntries(bytes);
      if (!message) continue;
      understood += 1;
      expect(formatMessage(message)).not.toMatch(/[\n\0]/);
      // Of this message, by its name.
      const again = encodeMessage(message.name, message.tag, message.body as never);
      // Numbers beyond 2^53 are not exact; everything else is.
      expect(again.length).toBe(bytes.length);
      expect(decodeMessage(again)?.name).toBe(message.name);
    }
  });
  expect(understood).toBeGreaterThan(500);
  expect(names.length).toBeGreaterThan(50);
});

describe("a server attacked by a client", () => {
  test("with a file system in memory", { timeout }, async () => {
    const answers = new Set<string>();
    await rounds(150, async (random) => {
      for (const name of namesIn(await attack(new MemoryFileSystem(), random))) answers.add(name);
    });
    expect([...answers]).toEqual(expect.arrayContaining([...successes, ...successesOfNames]));
  });

  test("with one that answers later, leaves nothing open", { timeout }, async () => {
    await rounds(100, async (random) => {
      const slow = new SlowFileSystem(new MemoryFileSystem());
      await attack(slow, random);
      expect({ nodes: slow.nodes, files: slow.files }).toEqual({ nodes: 0, files: 0 });
    });
  });

  test("with a host folder, shows and changes nothing outside it", { timeout }, async () => {
    const secret = "the secret that is not exported";
    const answers = new Set<string>();
    await rounds(100, async (random) => {
      const above = await mkdtemp(join(tmpdir(), "tswsl-test-"));
      const folder = join(above, "export");
      try {
        mkdirSync(join(folder, TREE_NAMES[0], TREE_NAMES[1]), { recursive: true });
        mkdirSync(join(above, "outside"));
        writeFileSync(join(above, "outside", TREE_NAMES[2]), secret);
        for (const [name, target] of [
          [TREE_NAMES[2], "../outside"],
          [TREE_NAMES[3], `../outside/${TREE_NAMES[2]}`],
        ] as const)
          symlinkSync(target, join(folder, name));
        const disk = new HostDisk(folder);
        const received = await attack(disk, random);
        disk.close();
        for (const name of namesIn(received)) answers.add(name);
        expect(received.includes(secret)).toBe(false);
        expect(readdirSync(above).toSorted()).toEqual(["export", "outside"]);
        expect(readdirSync(join(above, "outside"))).toEqual([TREE_NAMES[2]]);
        expect(readFileSync(join(above, "outside", TREE_NAMES[2]), "utf8")).toBe(secret);
        expect(openFiles(process.pid).filter((path) => path.startsWith(above))).toEqual([]);
      } finally {
        await rm(above, { recursive: true, force: true });
      }
      expect(existsSync(above)).toBe(false);
    });
    expect([...answers]).toEqual(expect.arrayContaining([...successes, ...successesOfNames]));
  });
});

test("a client attacked by a server gives up or goes on, and ends", { timeout }, async () => {
  await rounds(150, async (random) => {
    const [near, far] = duplexPair();
    far.on("error", () => {});
    const maker = new MessageMaker(random);
    const connecting = Client.connect(near, AbortSignal.timeout(5000), { msize: 8192, requestMs: 1000 });
    far.write(encodeMessage("Rversion", 0xffff, { msize: 8192, version: "9P2000.L" }));
    const client = await connecting;
    let tag = 0;
    far.on("data", () => {
      const answer = maker.answer(tag % 4);
      tag += 1;
      if (!far.destroyed) far.write(random() < 0.8 ? answer : mutated(answer, random));
    });
    const work = async (): Promise<void> => {
      const root = await fileSystemThrough(client).attach({ user: "", uid: 0, path: "" });
      await Promise.allSettled([
        root.getattr(),
        root.walkPath(["a", "b", "c"]),
        root.open(0).then((directory) => directory.readdir(0, 1000)),
        root.open(0).then((file) => file.read(Buffer.alloc(100_000), 0)),
        root.getxattr("user.a"),
      ]);
    };
    const working = Promise.allSettled([work()]);
    await settle(10);
    far.destroy();
    await working;
    await client.close();
    expect(client.connection.pending).toBe(0);
  });
});
