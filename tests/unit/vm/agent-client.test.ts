import type { Duplex } from "node:stream";
import { describe, expect, test } from "vitest";
import { TswslError } from "../../../src/base/errors.ts";
import { FrameConnection } from "../../../src/protocol/frame-channel.ts";
import { readHeader } from "../../../src/protocol/frame-header.ts";
import { encodeFrame, FrameType } from "../../../src/protocol/frames.ts";
import { guestContract, GuestStreamHeader } from "../../../src/protocol/guest.ts";
import { type Handlers, RpcConnection, serveContract } from "../../../src/protocol/rpc.ts";
import { YamuxSession } from "../../../src/protocol/yamux/session.ts";
import type { YamuxStream } from "../../../src/protocol/yamux/stream.ts";
import { AgentClient } from "../../../src/vm/agent-client.ts";
import { randomBytes, readAll, settle } from "../../support/bytes.ts";
import { duplexPair } from "../../support/duplex-pair.ts";
import { rejection } from "../../support/rejection.ts";

const distro = "0b4b3c8e-7a43-4b6e-9d5e-2f4b8f6c1a11";
const signal = new AbortController().signal;
const limit = (): AbortSignal => AbortSignal.timeout(8000);

const refuse = (): never => {
  throw new TswslError("unavailable", "this agent is a stand-in");
};

/** Every method of the contract; those a test needs are given. */
function handlers(own: Partial<Handlers<typeof guestContract>>): Handlers<typeof guestContract> {
  const all = Object.fromEntries(Object.keys(guestContract).map((name) => [name, refuse]));
  // Each key of the contract has a function now; one that always throws answers every method.
  return { ...(all as unknown as Handlers<typeof guestContract>), ...own };
}

interface Agent {
  readonly link: Duplex;
  readonly session: YamuxSession;
  /** The control connection, once the host has opened it. */
  readonly control: Promise<RpcConnection>;
}

/** The guest's end, as the agent keeps it. */
function agent(own: Partial<Handlers<typeof guestContract>>, onExec?: (stream: YamuxStream) => void): Agent {
  const [link, guest] = duplexPair();
  const { promise, resolve } = Promise.withResolvers<RpcConnection>();
  const session = new YamuxSession(guest, {
    role: "server",
    onStream: (stream) => {
      void readHeader(stream, GuestStreamHeader, limit()).then(({ kind }) => {
        if (kind !== "control") return onExec?.(stream);
        const connection = new RpcConnection(stream);
        serveContract(connection, guestContract, handlers(own));
        return resolve(connection);
      });
    },
  });
  return { link, session, control: promise };
}

const hello: Partial<Handlers<typeof guestContract>> = {
  "agent.hello": ({ protocol }) => ({ protocol, version: "1", kernel: "6.1", stages: { agent: 5 } }),
};

const exec: GuestStreamHeader = {
  kind: "exec",
  distro,
  user: "root",
  cwd: "~",
  shell: "none",
  argv: ["cat"],
  env: {},
  cgroup: null,
  tty: null,
  stdin: "pipe",
  stdout: "pipe",
  stderr: "pipe",
};

test("control calls are answered, and errors keep their code and hint", async () => {
  const { link } = agent(hello);
  const client = await AgentClient.connect(link, signal);
  expect(await client.call("agent.hello", { protocol: 1 }, { signal })).toMatchObject({ kernel: "6.1" });
  await expect(client.call("distro.list", {}, { signal })).rejects.toMatchObject({
    code: "unavailable",
    message: "this agent is a stand-in",
  });
  expect(await client.ping(limit())).toBeGreaterThanOrEqual(0);
  client.close();
  expect(await client.closed).toBeUndefined();
});

test("an agent that comes up after the link was opened gets everything", async () => {
  const [link, guest] = duplexPair();
  const client = await AgentClient.connect(link, signal);
  const call = client.call("agent.hello", { protocol: 1 }, { signal });
  await settle(50);
  const session = new YamuxSession(guest, {
    role: "server",
    onStream: (stream) => {
      void readHeader(stream, GuestStreamHeader, limit()).then(() =>
        serveContract(new RpcConnection(stream), guestContract, handlers(hello)),
      );
    },
  });
  expect(await call).toMatchObject({ version: "1" });
  client.close();
  await session.closed;
});

test("a command runs on a stream of its own", async () => {
  const { link } = agent(hello, (stream) => {
    const command = new FrameConnection(stream, {
      sends: [FrameType.stdout, FrameType.stderr],
      receives: [FrameType.stdin],
    });
    command.readable(FrameType.stdin).pipe(command.writable(FrameType.stdout));
    command.writable(FrameType.stdout).once("finish", () => {
      void command.send(encodeFrame(FrameType.exit, Buffer.from([0, 7])), limit());
    });
  });
  const client = await AgentClient.connect(link, signal);
  const stream = await client.openStream(exec, signal);
  const command = new FrameConnection(stream, {
    sends: [FrameType.stdin],
    receives: [FrameType.stdout, FrameType.stderr],
  });
  const input = randomBytes(3_000_000);
  command.writable(FrameType.stdin).end(input);
  expect((await readAll(command.readable(FrameType.stdout))).equals(input)).toBe(true);
  expect(await command.outcome).toEqual({ kind: "status", value: 7 });
  client.close();
});

test("the end of a distro is told to everyone who asked", async () => {
  const { link, control } = agent(hello);
  const client = await AgentClient.connect(link, signal);
  const seen: unknown[] = [];
  client.onDistroExited((exited) => seen.push(exited));
  client.onDistroExited(({ status }) => seen.push(status));
  (await control).notify("distro.exited", { distro, status: 137 });
  await client.call("agent.hello", { protocol: 1 }, { signal });
  expect(seen).toEqual([{ distro, status: 137 }, 137]);
  client.close();
});

test("an environment that does not fit a header is refused here", async () => {
  const { link } = agent(hello);
  const client = await AgentClient.connect(link, signal);
  const header = { ...exec, env: { BIG: "x".repeat(1024 * 1024) } };
  await expect(client.openStream(header, signal)).rejects.toMatchObject({ code: "invalid-argument" });
  expect(await client.call("agent.hello", { protocol: 1 }, { signal })).toMatchObject({ protocol: 1 });
  client.close();
});

describe("a call has a deadline", () => {
  const silent: Partial<Handlers<typeof guestContract>> = { "agent.statistics": () => new Promise(() => {}) };

  test.each([
    [
      "in milliseconds",
      1,
      "timed out after 0.001 s waiting for the virtual machine to answer 'agent.statistics'",
    ],
    ["in words", { ms: 1, what: "numbers" }, "timed out after 0.001 s waiting for numbers"],
  ])("%s", async (_, deadline, message) => {
    const { link } = agent(silent);
    const client = await AgentClient.connect(link, signal);
    await expect(client.call("agent.statistics", {}, { signal, deadline })).rejects.toMatchObject({
      code: "timeout",
      message,
    });
    client.close();
  });
});

describe("the end of the link", () => {
  test("by the guest fails calls and streams", async () => {
    const { link, session, control } = agent({ "agent.statistics": () => new Promise(() => {}) }, () => {});
    const client = await AgentClient.connect(link, signal);
    const stream = await client.openStream(exec, signal);
    const call = rejection(client.call("agent.statistics", {}, { signal }));
    await control;
    await session.close();
    expect(await call).toMatchObject({
      code: "disconnected",
    });
    expect(await client.closed).toMatchObject({ code: "disconnected" });
    expect(stream.errored).toMatchObject({ code: "disconnected" });
    await expect(client.openStream(exec, signal)).rejects.toMatchObject({ code: "disconnected" });
  });

  test("by the loss of control alone", async () => {
    const { link, session, control } = agent(hello);
    const client = await AgentClient.connect(link, signal);
    (await control).close();
    expect(await client.closed).toMatchObject({ code: "disconnected" });
    await session.closed;
  });
});

describe("a hostile guest", () => {
  test("that opens streams has them reset", async () => {
    const { link, session } = agent(hello);
    const client = await AgentClient.connect(link, signal);
    const stream = session.open();
    const closed = new Promise((resolve) => {
      stream.once("close", resolve);
    });
    await closed;
    expect(stream.errored).toMatchObject({ code: "disconnected" });
    expect(await client.call("agent.hello", { protocol: 1 }, { signal })).toMatchObject({ protocol: 1 });
    client.close();
  });

  test("that sends a malformed notification loses the link", async () => {
    const { link, control } = agent(hello);
    const client = await AgentClient.connect(link, signal);
    (await control).notify("distro.exited", { distro: "../../etc", status: 0 });
    expect(await client.closed).toMatchObject({ code: "protocol" });
  });

  test("that answers out of shape fails the call", async () => {
    // The types would not let an honest agent do it.
    const shapeless = { "agent.statistics": () => ({ memoryTotal: -1 }) } as unknown as typeof hello;
    const { link } = agent(shapeless);
    const client = await AgentClient.connect(link, signal);
    await expect(client.call("agent.statistics", {}, { signal })).rejects.toMatchObject({ code: "protocol" });
    client.close();
  });

  test("that is no agent loses the link", async () => {
    const [link, guest] = duplexPair();
    const client = await AgentClient.connect(link, signal);
    guest.once("end", () => guest.end()).resume();
    guest.write("Welcome to Debian GNU/Linux 12\r\nlogin: ");
    expect(await client.closed).toMatchObject({ code: "protocol", message: "unknown yamux version 87" });
  });
});
