import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConsoleLog } from "../../../src/vm/console-log.ts";

let directory = "";
let socket = "";
let file = "";

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "tswsl-console-"));
  socket = join(directory, "run", "console.sock");
  file = join(directory, "logs", "console.log");
});

afterEach(() => rm(directory, { recursive: true }));

async function connect(): Promise<Socket> {
  const client = createConnection(socket);
  await once(client, "connect");
  return client;
}

/** Sends and waits until the log has closed its end, which it does after reading ours. */
async function send(client: Socket, text: string): Promise<void> {
  const closed = once(client, "close");
  client.resume();
  client.end(text);
  await closed;
}

describe("the console log", () => {
  test("keeps what a machine prints", async () => {
    const log = await ConsoleLog.open({ socket, file });
    await send(await connect(), "Linux version 6.1\n");
    expect(log.tail).toBe("Linux version 6.1\n");
    await log.close();
    expect(await readFile(file, "utf8")).toBe("Linux version 6.1\n");
  });

  test("is for its owner alone", async () => {
    const log = await ConsoleLog.open({ socket, file });
    expect((await stat(join(directory, "run"))).mode & 0o777).toBe(0o700);
    expect((await stat(socket)).mode & 0o777).toBe(0o600);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await log.close();
  });

  test("appends for the next machine, which may come before the last has gone", async () => {
    const log = await ConsoleLog.open({ socket, file });
    const first = await connect();
    await send(await connect(), "second ");
    await send(first, "first ");
    await log.close();
    const next = await ConsoleLog.open({ socket, file });
    await send(await connect(), "third");
    await next.close();
    expect(await readFile(file, "utf8")).toBe("second first third");
  });

  test("never grows beyond two files, and keeps the newest", async () => {
    const log = await ConsoleLog.open({ socket, file, fileBytes: 1000 });
    const lines = Array.from({ length: 500 }, (_, index) => `line ${String(index).padStart(4, "0")}\n`);
    await send(await connect(), lines.join(""));
    await log.close();
    const [older, newer] = await Promise.all([readFile(`${file}.1`, "utf8"), readFile(file, "utf8")]);
    expect(older.length).toBe(1000);
    expect(newer.length).toBeLessThanOrEqual(1000);
    expect(lines.join("").endsWith(older + newer)).toBe(true);
  });

  test("drains a machine whose log cannot be written", async () => {
    const log = await ConsoleLog.open({ socket, file: "/dev/full" });
    await send(await connect(), "lost ".repeat(100_000));
    expect(log.tail).toContain("lost");
    await log.close();
  });

  test("replaces a dead predecessor's socket, but nothing else", async () => {
    const first = await ConsoleLog.open({ socket, file });
    const second = await ConsoleLog.open({ socket, file });
    await send(await connect(), "for the second");
    expect([first.tail, second.tail]).toEqual(["", "for the second"]);
    await second.close();
    await first.close();
    await writeFile(socket, "precious");
    await expect(ConsoleLog.open({ socket, file })).rejects.toMatchObject({ code: "invalid-argument" });
    expect(await readFile(socket, "utf8")).toBe("precious");
  });

  test("says when the socket's path is too long", async () => {
    const long = join(directory, "x".repeat(120), "console.sock");
    await expect(ConsoleLog.open({ socket: long, file })).rejects.toMatchObject({ code: "invalid-argument" });
  });
});
