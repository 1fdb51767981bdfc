import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import * as v from "valibot";
import { TswslError } from "../../../../src/base/errors.ts";
import { timeouts } from "../../../../src/base/timeouts.ts";
import { DistroFiles } from "../../../../src/distro/files/distro-files.ts";
import type { Distros } from "../../../../src/distro/distros.ts";
import type { DistroUse } from "../../../../src/distro/lifecycle.ts";
import type { DistroRecord } from "../../../../src/distro/registry.ts";
import { MemoryFileSystem } from "../../../../src/fs-9p/memory/file-system.ts";
import { serve } from "../../../../src/fs-9p/server/serve.ts";
import { readHeader } from "../../../../src/protocol/frame-header.ts";
import { encodeJsonFrame, FrameType } from "../../../../src/protocol/frames.ts";
import { duplexPair } from "../../../support/duplex-pair.ts";
import { read, write } from "./memory-places.ts";

const PASSWD = "root:x:0:0::/root:\nme:x:1000:1000::/home/me:\n";
const { signal } = new AbortController();

/** One distro whose agent opens streams as the test says; counts what is held. */
class FakeDistro {
  readonly opened: unknown[] = [];
  readonly streams: Duplex[] = [];
  held = 0;
  silent = false;
  readonly files: DistroFiles;
  readonly #serve: (stream: Duplex) => void;

  constructor(serveStream: (stream: Duplex) => void) {
    this.#serve = serveStream;
    const record = { id: "1", name: "debian" } as DistroRecord;
    const agent = {
      call: async () => ({ passwd: PASSWD }),
      ping: async () => {
        if (this.silent) throw new TswslError("timeout", "the virtual machine has not answered");
        return 1;
      },
      openStream: async (header: unknown) => this.#open(header),
    };
    const lifecycle = {
      use: async () => {
        this.held += 1;
        let held = true;
        const release = (): void => {
          if (held) this.held -= 1;
          held = false;
        };
        // What DistroFiles asks of it.
        return { agent, started: { defaultUser: "me" }, release } as unknown as DistroUse;
      },
    };
    // A distro of that name, and no more of what Distros can do.
    this.files = new DistroFiles({ resolve: () => record, lifecycle } as unknown as Distros);
    onTestFinished(() => this.streams.forEach((stream) => stream.destroy()));
  }

  #open(header: unknown): Duplex {
    this.opened.push(header);
    const [ours, theirs] = duplexPair();
    this.streams.push(ours, theirs);
    this.#serve(theirs);
    return ours;
  }
}

/** The agent's answer, then a 9P server as diod is one. */
function serving(fileSystem: MemoryFileSystem): (stream: Duplex) => void {
  return (stream) => {
    stream.write(encodeJsonFrame(FrameType.header, {}));
    serve(stream, fileSystem);
  };
}

test("files as the default user, or another, over one connection for each", async () => {
  const fileSystem = new MemoryFileSystem();
  await write(fileSystem.attach({ user: "", uid: 0, path: "" }), "/etc/x", "content");
  const distro = new FakeDistro(serving(fileSystem));
  const first = await distro.files.open(undefined, {}, signal);
  const second = await distro.files.open("debian", {}, signal);
  expect(second.root).toBe(first.root);
  expect(first.account).toMatchObject({ name: "me", uid: 1000, home: "/home/me" });
  expect(await read(first.root, "/etc/x")).toBe("content");
  const root = await distro.files.open("debian", { user: "0" }, signal);
  expect(root.account.name).toBe("root");
  await root.root.mkdir("new", { mode: 0o700, gid: 0 });
  expect(distro.opened).toEqual([
    { kind: "files", distro: "1", user: "me" },
    { kind: "files", distro: "1", user: "root" },
  ]);
  expect(distro.held).toBe(3);
  for (const opened of [first, second, root]) opened.release();
  first.release();
  expect(distro.held).toBe(0);
});

test("a connection that nobody uses is closed after a while, and a new one opened when it is wanted", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const distro = new FakeDistro(serving(new MemoryFileSystem()));
  (await distro.files.open("debian", {}, signal)).release();
  (await distro.files.open("debian", {}, signal)).release();
  expect(distro.opened).toHaveLength(1);
  vi.advanceTimersByTime(6000);
  vi.useRealTimers();
  await vi.waitFor(() => expect(distro.streams[0]?.destroyed).toBe(true));
  (await distro.files.open("debian", {}, signal)).release();
  expect(distro.opened).toHaveLength(2);
});

test("the end of the stream is the end of the files, and says so", async () => {
  const distro = new FakeDistro(serving(new MemoryFileSystem()));
  const opened = await distro.files.open("debian", {}, signal);
  distro.streams[1]?.destroy();
  await expect(opened.root.getattr()).rejects.toMatchObject({ cause: { code: "disconnected" } });
  expect(opened.signal.aborted).toBe(true);
  opened.release();
  (await distro.files.open("debian", {}, signal)).release();
  expect(distro.opened).toHaveLength(2);
});

test("the agent's refusal is the caller's, and not kept", async () => {
  const distro = new FakeDistro((stream) => {
    stream.write(
      encodeJsonFrame(FrameType.error, new TswslError("invalid-state", "it is stopping").toWire()),
    );
  });
  for (const count of [1, 2]) {
    await expect(distro.files.open("debian", {}, signal)).rejects.toThrow("it is stopping");
    expect([distro.opened.length, distro.held]).toEqual([count, 0]);
  }
});

test("a user who does not exist", async () => {
  const distro = new FakeDistro(serving(new MemoryFileSystem()));
  await expect(distro.files.open("debian", { user: "nobody2" }, signal)).rejects.toThrow("no user 'nobody2'");
  expect([distro.opened.length, distro.held]).toEqual([0, 0]);
});

test("files that do not answer are given up, and nothing is held", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const distro = new FakeDistro((stream) => void stream.resume());
  const opening = distro.files.open("debian", {}, signal);
  const outcome = Promise.allSettled([opening]);
  await vi.advanceTimersByTimeAsync(timeouts.filesStart + 1);
  expect((await outcome)[0]).toMatchObject({ status: "rejected", reason: { code: "timeout" } });
  expect(distro.held).toBe(0);
});

test("a guest that does not answer is found out sooner", async () => {
  const distro = new FakeDistro((stream) => void stream.resume());
  distro.silent = true;
  await expect(distro.files.open("debian", {}, signal)).rejects.toThrow("has not answered");
  expect(distro.held).toBe(0);
});

test("a guest that falls silent ends what waits for it; one that is slow does not", async () => {
  const distro = new FakeDistro((stream) => {
    stream.write(encodeJsonFrame(FrameType.header, {}));
    serve(stream, new MemoryFileSystem());
  });
  const opened = await distro.files.open("debian", {}, signal);
  distro.streams[1]?.pause();
  const walking = Promise.allSettled([opened.root.walk("x")]);
  await delay(1200);
  expect(opened.signal.aborted).toBe(false);
  distro.silent = true;
  expect((await walking)[0]).toMatchObject({ status: "rejected" });
  expect(opened.signal.reason).toMatchObject({ code: "timeout" });
  opened.release();
});

test("a header that is an error is the peer's error", async () => {
  const [ours, theirs] = duplexPair();
  theirs.write(encodeJsonFrame(FrameType.error, { code: "not-found", message: "no such distro" }));
  await expect(readHeader(ours, v.object({}), signal)).rejects.toMatchObject({ code: "not-found" });
});
