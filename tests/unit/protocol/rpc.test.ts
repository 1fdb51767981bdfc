import { once } from "node:events";
import type { Duplex } from "node:stream";
import { describe, expect, test } from "vitest";
import * as v from "valibot";
import { TswslError } from "../../../src/base/errors.ts";
import { method } from "../../../src/protocol/contract.ts";
import type { Progress } from "../../../src/protocol/daemon.ts";
import { encodeMessage, MAX_MESSAGE_BYTES } from "../../../src/protocol/rpc-codec.ts";
import { contractClient, type Handlers, RpcConnection, serveContract } from "../../../src/protocol/rpc.ts";
import { pieces, randomBytes, settle } from "../../support/bytes.ts";
import { duplexPair } from "../../support/duplex-pair.ts";
import { seededRandom } from "../../support/random.ts";
import { rejection } from "../../support/rejection.ts";

const contract = {
  add: method(v.object({ a: v.number(), b: v.number() }), v.object({ sum: v.number() })),
  wait: method(v.object({}), v.object({})),
  fail: method(v.object({}), v.object({})),
  blob: method(v.object({ bytes: v.number() }), v.object({ text: v.string() })),
} as const;

/** As if the server were of another version: the same names, other shapes. */
const loose = { ...contract, add: method(v.unknown(), v.unknown()) } as const;

const signal = new AbortController().signal;
const limit = (): AbortSignal => AbortSignal.timeout(8000);

interface Setup {
  readonly client: ReturnType<typeof contractClient<typeof contract>>;
  readonly near: RpcConnection;
  readonly far: RpcConnection;
  /** What handlers saw, in order. */
  readonly log: string[];
  readonly errors: TswslError[];
}

function setUp(overrides: Partial<Handlers<typeof contract>> = {}): Setup {
  const [left, right] = duplexPair();
  const log: string[] = [];
  const errors: TswslError[] = [];
  const near = new RpcConnection(left);
  const far = new RpcConnection(right);
  const handlers: Handlers<typeof contract> = {
    add: ({ a, b }) => ({ sum: a + b }),
    wait: async (_, context) => {
      log.push("waiting");
      await once(context.signal, "abort");
      log.push(context.signal.reason.code);
      throw context.signal.reason;
    },
    fail: () => {
      throw new TswslError("not-found", "no such thing", {
        hint: "Look elsewhere.",
        details: { errno: 2 },
        cause: 1,
      });
    },
    blob: ({ bytes }) => ({ text: "x".repeat(bytes) }),
    ...overrides,
  };
  serveContract(far, contract, handlers, { onError: (_, error) => errors.push(error) });
  return { client: contractClient(near, contract), near, far, log, errors };
}

test("a call is answered, and calls may overlap", async () => {
  const { client } = setUp();
  const sums = await Promise.all([1, 2, 3].map((a) => client.call("add", { a, b: 10 }, { signal })));
  expect(sums).toEqual([{ sum: 11 }, { sum: 12 }, { sum: 13 }]);
});

describe("validation", () => {
  test("parameters at the server", async () => {
    const { near } = setUp();
    const client = contractClient(near, loose);
    await expect(client.call("add", { a: 1, b: "2" }, { signal })).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining("'add' cannot take these parameters"),
    });
  });

  test("results at the client", async () => {
    // A server that does not keep to the contract, which its types would not let it do.
    const { client } = setUp({ add: () => ({ sum: "3" }) as unknown as { sum: number } });
    await expect(client.call("add", { a: 1, b: 2 }, { signal })).rejects.toMatchObject({ code: "protocol" });
  });

  test("a method the server does not have", async () => {
    const { near } = setUp();
    const client = contractClient(near, { ...contract, future: method(v.object({}), v.object({})) });
    await expect(client.call("future", {}, { signal })).rejects.toMatchObject({ code: "unsupported" });
  });
});

describe("errors", () => {
  test("cross with code, message, hint and details; the cause stays with the server", async () => {
    const { client, errors } = setUp();
    const error: unknown = await client.call("fail", {}, { signal }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TswslError);
    expect(error).toMatchObject({
      code: "not-found",
      message: "no such thing",
      hint: "Look elsewhere.",
      details: { errno: 2 },
    });
    expect(error).not.toHaveProperty("cause");
    expect(errors).toEqual([expect.objectContaining({ cause: 1 })]);
  });

  test("a foreign error becomes internal", async () => {
    const { client } = setUp({
      fail: () => {
        throw new RangeError("too far");
      },
    });
    await expect(client.call("fail", {}, { signal })).rejects.toMatchObject({
      code: "internal",
      message: "too far",
    });
  });
});

describe("cancellation", () => {
  test("reaches the handler, and the call is rejected at once", async () => {
    const { client, log } = setUp();
    const abort = new AbortController();
    const call = rejection(client.call("wait", {}, { signal: abort.signal }));
    await settle();
    abort.abort();
    expect(await call).toMatchObject({
      code: "cancelled",
    });
    await settle();
    expect(log).toEqual(["waiting", "cancelled"]);
  });

  test("a signal that has fired sends nothing", async () => {
    const { client, log } = setUp();
    await expect(client.call("wait", {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "cancelled",
    });
    await settle();
    expect(log).toEqual([]);
  });

  test("a deadline cancels the handler as well", async () => {
    const { client, log } = setUp();
    const deadline = { ms: 1, what: "the end of waiting", hint: "Do not." };
    await expect(client.call("wait", {}, { signal, deadline })).rejects.toMatchObject({
      code: "timeout",
      hint: "Do not.",
    });
    await settle();
    expect(log.at(-1)).toBe("cancelled");
  });
});

test("progress reaches the call it belongs to, and only that", async () => {
  const seen: [string, Progress][] = [];
  const { client } = setUp({
    add: ({ a, b }, context) => {
      context.progress({ phase: `adding ${a}`, done: 1, total: 2 });
      return { sum: a + b };
    },
  });
  await Promise.all([
    client.call("add", { a: 1, b: 1 }, { signal, onProgress: (report) => seen.push(["first", report]) }),
    client.call("add", { a: 2, b: 1 }, { signal, onProgress: (report) => seen.push(["second", report]) }),
    client.call("add", { a: 3, b: 1 }, { signal }),
  ]);
  expect(seen).toEqual([
    ["first", { phase: "adding 1", done: 1, total: 2 }],
    ["second", { phase: "adding 2", done: 1, total: 2 }],
  ]);
});

describe("disconnection", () => {
  test("rejects pending and later calls, cancels running handlers, ends both connections", async () => {
    const { client, near, far, log } = setUp();
    const call = rejection(client.call("wait", {}, { signal }));
    await settle();
    far.close();
    expect(await call).toMatchObject({ code: "disconnected" });
    expect(await near.closed).toMatchObject({ code: "disconnected" });
    expect(await far.closed).toBeUndefined();
    expect(log).toEqual(["waiting", "disconnected"]);
    await expect(client.call("add", { a: 1, b: 1 }, { signal })).rejects.toMatchObject({
      code: "disconnected",
    });
  });

  test("an answer that was written before close arrives", async () => {
    const { client, far } = setUp({
      add: ({ a, b }) => {
        setImmediate(() => far.close());
        return { sum: a + b };
      },
    });
    expect(await client.call("add", { a: 1, b: 1 }, { signal })).toEqual({ sum: 2 });
  });

  test("a connection made of a dead stream is over from the start", async () => {
    const [left] = duplexPair();
    left.destroy();
    const connection = new RpcConnection(left);
    expect(await connection.closed).toMatchObject({ code: "disconnected" });
    await expect(contractClient(connection, contract).call("wait", {}, { signal })).rejects.toMatchObject({
      code: "disconnected",
    });
  });
});

describe("size", () => {
  test("an oversized request is refused here, an oversized answer is an error, and both spare the connection", async () => {
    const { client } = setUp();
    // The schema admits any number; what is too long is its text.
    const huge = { a: 1, b: 1, padding: "x".repeat(MAX_MESSAGE_BYTES) };
    await expect(client.call("add", huge, { signal })).rejects.toMatchObject({ code: "invalid-argument" });
    await expect(client.call("blob", { bytes: MAX_MESSAGE_BYTES }, { signal })).rejects.toMatchObject({
      code: "internal",
    });
    expect((await client.call("blob", { bytes: 1_000_000 }, { signal })).text).toHaveLength(1_000_000);
  });
});

describe("notifications", () => {
  const schema = v.object({ name: v.string() });

  test("arrive in order", async () => {
    const { near, far } = setUp();
    const names: string[] = [];
    near.onNotification("exited", schema, ({ name }) => names.push(name));
    for (const name of ["a", "b", "c"]) far.notify("exited", { name });
    far.notify("unknown", {});
    await settle();
    expect(names).toEqual(["a", "b", "c"]);
    expect(near.signal.aborted).toBe(false);
  });

  test("of the wrong shape end the connection with protocol", async () => {
    const { near, far } = setUp();
    near.onNotification("exited", schema, () => {});
    far.notify("exited", { name: 5 });
    expect(await near.closed).toMatchObject({ code: "protocol" });
  });
});

/** A client whose peer is the test itself. */
function rawPeer(): { near: RpcConnection; wire: Duplex; send: (message: unknown) => void } {
  const [left, wire] = duplexPair();
  return {
    near: new RpcConnection(left),
    wire,
    send: (message) => wire.write(encodeMessage(Buffer.from(JSON.stringify(message)))),
  };
}

describe("a hostile peer", () => {
  test("that announces 10 GB ends the connection with protocol", async () => {
    const { near, wire } = rawPeer();
    wire.write("Content-Length: 10000000000\r\n\r\n{");
    expect(await near.closed).toMatchObject({ code: "protocol" });
  });

  test("that sends no JSON ends the connection with protocol", async () => {
    const { near, wire } = rawPeer();
    wire.write(encodeMessage(Buffer.from("{]")));
    expect(await near.closed).toMatchObject({ code: "protocol" });
  });

  test.each([
    ["an error without data", { code: -32_603, message: "boom" }, "protocol"],
    [
      "an error of an unknown code",
      { code: 1, message: "m", data: { code: "melted", message: "m" } },
      "internal",
    ],
    ["an error whose data is none", { code: 1, message: "m", data: [1] }, "protocol"],
    ["an error that is a number", 5, "protocol"],
  ])("answers with %s", async (_, error, code) => {
    const { near, send } = rawPeer();
    const call = contractClient(near, contract).call("wait", {}, { signal: limit() });
    send({ jsonrpc: "2.0", id: 0, error });
    await expect(call).rejects.toMatchObject({ name: "TswslError", code });
    near.close();
  });

  test("that answers with neither result nor error", async () => {
    const { near, send } = rawPeer();
    const call = contractClient(near, contract).call("wait", {}, { signal: limit() });
    send({ jsonrpc: "2.0", id: 0 });
    await expect(call).rejects.toMatchObject({ code: "protocol" });
    near.close();
  });

  test("that floods with notifications is held back by the stream", async () => {
    const { near, wire } = rawPeer();
    let handled = 0;
    near.onNotification("n", v.object({}), () => {
      handled += 1;
    });
    const flood = Buffer.concat(
      Array.from({ length: 2000 }, () =>
        encodeMessage(Buffer.from('{"jsonrpc":"2.0","method":"n","params":{}}')),
      ),
    );
    for (let round = 0; round < 10; round += 1) wire.write(flood);
    await settle(50);
    expect(handled).toBeGreaterThan(0);
    // One message for each turn of the event loop; the rest has stayed in the stream.
    expect(handled).toBeLessThan(200);
    expect(wire.writableLength).toBeGreaterThan(5 * flood.length);
    near.close();
    wire.destroy();
  });
});

test("random messages never hang, crash or raise anything but the declared errors", async () => {
  const random = seededRandom(31);
  const pick = <T>(values: readonly T[]): T | undefined => values[Math.floor(random() * values.length)];
  const odd = [null, 0, -1, "", "x", [], {}, true, { id: 0 }, 1e308, { code: "exists" }];
  const methods = [
    "add",
    "wait",
    "fail",
    "exited",
    "$/progress",
    "$/cancelRequest",
    "$/setTrace",
    "$/logTrace",
    7,
    null,
  ];
  const reasons = new Set<string>();
  for (let round = 0; round < 120; round += 1) {
    const { near, wire, send } = rawPeer();
    wire.resume();
    near.onNotification("exited", v.object({ name: v.string() }), () => {});
    serveContract(near, contract, {
      add: ({ a, b }) => ({ sum: a + b }),
      wait: async (_, context) => {
        await once(context.signal, "abort");
        return {};
      },
      fail: () => {
        throw new TswslError("exists", "there");
      },
      blob: () => ({ text: "" }),
    });
    const calls = [0, 1, 2].map((a) =>
      contractClient(near, contract).call("add", { a, b: 1 }, { signal: limit() }),
    );
    for (let index = 0; index < 12; index += 1) {
      const message: Record<string, unknown> = { jsonrpc: "2.0" };
      for (const [key, values] of Object.entries({
        id: [0, 1, 2, ...odd],
        method: methods,
        params: odd,
        result: odd,
        error: odd,
      })) {
        if (random() < 0.4) message[key] = pick<unknown>(values);
      }
      if (random() < 0.9) send(message);
      else
        for (const piece of pieces(encodeMessage(randomBytes(20, index)), random, 9))
          if (random() < 0.98) wire.write(piece);
    }
    wire.end();
    const failures = (await Promise.allSettled(calls)).filter(({ status }) => status === "rejected");
    for (const failure of failures) expect(failure).toMatchObject({ reason: { name: "TswslError" } });
    reasons.add((await near.closed)?.code ?? "none");
  }
  expect([...reasons].toSorted()).toEqual(["disconnected", "protocol"]);
});
