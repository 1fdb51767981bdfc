import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Progress } from "../../../../src/protocol/daemon.ts";
import { Downloads } from "../../../../src/distro/source/downloads.ts";
import { serve, type TestServer } from "./http-server.ts";
import { bigTar } from "./tar.ts";

const image = gzipSync(bigTar(600_000));
const sha256 = createHash("sha256").update(image).digest("hex");
const { signal } = new AbortController();

let server: TestServer;
let directory: string;
let requests: IncomingMessage[];
let answer: (request: IncomingMessage, response: ServerResponse) => unknown;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "tswsl-downloads-"));
  requests = [];
  server = await serve((request, response) => {
    requests.push(request);
    answer(request, response);
  });
});

afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

const ranges = (): (string | undefined)[] => requests.map(({ headers }) => headers.range);
const sourceOf = (downloads = new Downloads({ directory, fetch })) =>
  downloads.source({ url: `${server.url}/image.wsl`, sha256, name: "Debian" });

async function download(report: (progress: Progress) => void = () => undefined): Promise<Buffer> {
  const source = sourceOf();
  const { stream } = await source.open(signal, report);
  const content = await buffer(stream);
  await source.close();
  return content;
}

/** A server that knows ranges, as most do. */
function withRanges(request: IncomingMessage, response: ServerResponse, etag = '"v1"'): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const isSame = request.headers["if-range"] === undefined || request.headers["if-range"] === etag;
  if (start >= image.length) response.writeHead(416, { "content-range": `bytes */${image.length}` }).end();
  else if (start > 0 && isSame) {
    const range = `bytes ${start}-${image.length - 1}/${image.length}`;
    response.writeHead(206, { etag, "content-range": range, "content-length": image.length - start });
    response.end(image.subarray(start));
  } else response.writeHead(200, { etag, "content-length": image.length }).end(image);
}

describe("whole", () => {
  test("with a length: progress, the right bytes, and nothing but the image kept", async () => {
    answer = withRanges;
    const reports: Progress[] = [];
    expect((await download((progress) => reports.push(progress))).equals(image)).toBe(true);
    expect(reports.at(-1)).toEqual({ phase: "Downloading", done: image.length, total: image.length });
    expect(await readdir(directory)).toEqual([sha256]);
    expect(requests[0]?.headers["accept-encoding"]).toBe("identity");
  });

  test("without a length", async () => {
    answer = (_, response) =>
      void response.writeHead(200).write(image.subarray(0, 1000), () => response.end(image.subarray(1000)));
    const reports: Progress[] = [];
    expect((await download((progress) => reports.push(progress))).equals(image)).toBe(true);
    expect(reports.at(-1)).toEqual({ phase: "Downloading", done: image.length });
  });

  test("over a redirect", async () => {
    answer = (request, response) => {
      if (request.url === "/image.wsl") response.writeHead(302, { location: "/moved" }).end();
      else withRanges(request, response);
    };
    expect((await download()).equals(image)).toBe(true);
  });

  test("the second time from the disk; a file damaged there is fetched again", async () => {
    answer = withRanges;
    await download();
    expect((await download()).equals(image)).toBe(true);
    expect(requests).toHaveLength(1);
    await writeFile(join(directory, sha256), "rotten");
    expect((await download()).equals(image)).toBe(true);
    expect(requests).toHaveLength(2);
  });

  test("a file: image is read where it lies", async () => {
    const path = join(directory, "local.wsl");
    await writeFile(path, image);
    const source = new Downloads({ directory, fetch }).source({
      url: pathToFileURL(path).href,
      sha256,
      name: "L",
    });
    const { stream } = await source.open(signal, () => undefined);
    expect((await buffer(stream)).equals(image)).toBe(true);
    await source.close();
  });
});

describe("resumed", () => {
  const half = image.length >> 1;

  test("within one run, when the connection breaks", async () => {
    let first: ServerResponse | undefined;
    answer = (request, response) => {
      if (first) return withRanges(request, response);
      first = response.writeHead(200, { etag: '"v1"', "content-length": image.length });
      first.write(image.subarray(0, half));
    };
    // The server breaks off once something has arrived.
    const content = await download(({ done }) => void (done && first?.destroy()));
    expect(content.equals(image)).toBe(true);
    expect(requests).toHaveLength(2);
    expect(ranges()[1]).toMatch(/^bytes=[1-9]\d*-$/);
    expect(requests[1]?.headers["if-range"]).toBe('"v1"');
  });

  test("in a later run, from what is on the disk", async () => {
    await writeFile(join(directory, `${sha256}.part`), image.subarray(0, half));
    answer = withRanges;
    expect((await download()).equals(image)).toBe(true);
    expect(ranges()).toEqual([`bytes=${half}-`]);
  });

  test("from the start, when the server has another version now", async () => {
    await writeFile(join(directory, `${sha256}.part`), Buffer.alloc(half));
    await writeFile(join(directory, `${sha256}.etag`), '"v0"');
    answer = withRanges;
    expect((await download()).equals(image)).toBe(true);
    expect(requests).toHaveLength(1);
  });

  test("from the start, when the server has no ranges", async () => {
    await writeFile(join(directory, `${sha256}.part`), image.subarray(0, half));
    answer = (_, response) => void response.writeHead(200).end(image);
    expect((await download()).equals(image)).toBe(true);
  });

  test("from the start, when what is here is longer than the file, or another range is sent", async () => {
    await writeFile(join(directory, `${sha256}.part`), Buffer.alloc(image.length + 5));
    answer = withRanges;
    expect((await download()).equals(image)).toBe(true);
    await rm(join(directory, sha256));
    await writeFile(join(directory, `${sha256}.part`), image.subarray(0, half));
    answer = (request, response) => {
      if (!request.headers.range) withRanges(request, response);
      else
        response
          .writeHead(206, { "content-range": `bytes 0-9/${image.length}`, "content-length": 10 })
          .end(image.subarray(0, 10));
    };
    expect((await download()).equals(image)).toBe(true);
  });

  test("from the start, once, when what was here turns out damaged", async () => {
    await writeFile(join(directory, `${sha256}.part`), Buffer.alloc(half));
    answer = withRanges;
    expect((await download()).equals(image)).toBe(true);
    expect(ranges()).toEqual([`bytes=${half}-`, undefined]);
  });

  test("not at all, when everything is here", async () => {
    await writeFile(join(directory, `${sha256}.part`), image);
    expect((await download()).equals(image)).toBe(true);
    expect(requests).toEqual([]);
  });
});

describe("failed", () => {
  test("wrong content: both hashes are named, and nothing is left", async () => {
    answer = (_, response) => void response.end("something else");
    const actual = createHash("sha256").update("something else").digest("hex");
    await expect(download()).rejects.toMatchObject({
      code: "protocol",
      message: expect.stringContaining(`has SHA-256 ${actual}, but the catalogue says ${sha256}`),
    });
    expect(await readdir(directory)).toEqual([]);
  });

  test("cut short for good: what came is kept for the next run", async () => {
    let first: ServerResponse | undefined;
    answer = (_, response) => {
      if (first) return response.destroy();
      first = response.writeHead(200, { "content-length": image.length });
      return first.write(image.subarray(0, 1000));
    };
    const cut = download(({ done }) => void (done === 1000 && first?.destroy()));
    await expect(cut).rejects.toMatchObject({
      code: "unavailable",
      hint: expect.stringContaining("where it stopped"),
    });
    expect((await readFile(join(directory, `${sha256}.part`))).equals(image.subarray(0, 1000))).toBe(true);
  });

  test.each([
    [404, "not-found"],
    [403, "permission"],
    [503, "unavailable"],
    [204, "protocol"],
    [206, "protocol"],
    [416, "protocol"],
  ])("status %i is %s", async (status, code) => {
    answer = (_, response) => void response.writeHead(status).end();
    await expect(download()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(String(status)),
    });
  });

  test("no server", async () => {
    const { url } = server;
    await server.close();
    server = await serve((_, response) => void response.end());
    const source = new Downloads({ directory, fetch }).source({ url: `${url}/x`, sha256, name: "D" });
    await expect(source.open(signal, () => undefined)).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });

  test("more than the disk holds", async () => {
    answer = (_, response) =>
      void response.writeHead(200, { "content-length": 60 * 1024 ** 3 * 1000 }).write("x");
    await expect(download()).rejects.toMatchObject({
      message: expect.stringMatching(/larger than|which has/),
    });
  });

  test("cancelled in the middle: the connection ends, the part stays", async () => {
    const controller = new AbortController();
    const ended = Promise.withResolvers<void>();
    answer = (_, response) => {
      response.once("close", () => ended.resolve());
      response.writeHead(200, { "content-length": image.length }).write(image.subarray(0, 1000));
    };
    const opening = sourceOf().open(controller.signal, ({ done }) => {
      if (done === 1000) controller.abort();
    });
    await expect(opening).rejects.toMatchObject({ code: "cancelled" });
    await ended.promise;
    expect(await readdir(directory)).toEqual([`${sha256}.part`]);
  });

  test("the same image twice at once", async () => {
    const downloads = new Downloads({ directory, fetch });
    const asked = Promise.withResolvers<ServerResponse>();
    answer = (_, response) => asked.resolve(response);
    const [first, second] = [sourceOf(downloads), sourceOf(downloads)];
    const opening = first.open(signal, () => undefined);
    const response = await asked.promise;
    await expect(second.open(signal, () => undefined)).rejects.toMatchObject({ code: "invalid-state" });
    response.end(image);
    await expect(opening).resolves.toMatchObject({ compression: "gzip" });
    await first.close();
  });
});

test("three images are kept, the least recently used go, and parts that nobody finished", async () => {
  const old = ["a", "b", "c"].map((digit) => digit.repeat(64));
  for (const [at, name] of [...old, `${"d".repeat(64)}.part`].entries()) {
    await writeFile(join(directory, name), "x");
    await utimes(join(directory, name), 1000 + at, 1000 + at);
  }
  answer = withRanges;
  await download();
  expect(new Set(await readdir(directory))).toEqual(new Set([sha256, old[1], old[2]]));
});
